#!/bin/bash
# Help, manual pages and completion come from one table: they name the same commands and options, and the manual pages
# that the build makes are those of every command.
set -euo pipefail
heddle=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "help: $*"; exit 1; }
options() { grep -oE -- '--[a-z][a-z-]*' | sort -u; }

"$heddle" --help >all
mapfile -t commands < <(sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p' all)
[ ${#commands[@]} -ge 14 ] || fail "only ${#commands[@]} commands: ${commands[*]}"
for wanted in new check run resume plot report export diff explain tune bench doctor; do
  grep -qw "^  $wanted" all || fail "no command $wanted"
done
for shell in bash zsh fish; do "$heddle" completion $shell >completion.$shell; done
bash -n completion.bash
for command in "${commands[@]}"; do
  "$heddle" "$command" --help >help
  grep -q "^usage: heddle $command" help || fail "$command --help has no usage"
  sed -n '/^Options:/,/^Examples:/p' help | grep -oE '^  --[a-z-]+' | tr -d ' ' | sort -u >in-help
  "$heddle" man "$command" >page
  sed -n '/^.SH OPTIONS/,/^.SH EXAMPLES/p' page | sed 's/\\-/-/g' | grep -oE '^\.B --[a-z-]+' | cut -c4- | sort -u >in-page
  cmp -s in-help in-page || fail "$command: help and manual differ: $(diff in-help in-page | tr '\n' ' ')"
  sed -n "s/^    $command) options='\(.*\)'.*/\1/p" completion.bash | options >in-completion
  cmp -s in-help in-completion || fail "$command: help and completion differ: $(diff in-help in-completion | tr '\n' ' ')"
  sed -n '/^Examples:/,$p' help | grep -q "^  heddle $command" || fail "$command --help has no example"
  if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww page 2>warnings >/dev/null || true
    [ ! -s warnings ] || fail "$command: the manual page has warnings: $(cat warnings)"
  fi
  code=0
  "$heddle" "$command" --no-such-option >out 2>err || code=$?
  [ $code -eq 2 ] || fail "$command --no-such-option ends with $code, not 2"
  grep -q 'no-such-option' err || fail "$command does not name the wrong option"
  [ "$command" = man ] || grep -qw "$command" "$source/docs/CMakeLists.txt" || fail "the build makes no manual page for $command"
done
# The shell really offers what it should.
. ./completion.bash
COMP_WORDS=(heddle run --che) COMP_CWORD=2 COMPREPLY=()
_heddle
[ "${COMPREPLY[*]}" = --checkpoint-every ] || fail "completion of --che gives '${COMPREPLY[*]}'"
COMP_WORDS=(heddle re) COMP_CWORD=1 COMPREPLY=()
_heddle
[[ " ${COMPREPLY[*]} " == *" resume "* && " ${COMPREPLY[*]} " == *" report "* ]] || fail "completion of re gives '${COMPREPLY[*]}'"

code=0
"$heddle" runn x.yaml >out 2>err || code=$?
[ $code -eq 2 ] && grep -q 'heddle run' err || fail "a misspelt command gets no suggestion"
code=0
"$heddle" run x.yaml --thread 3 >out 2>err || code=$?
[ $code -eq 2 ] && grep -q -- '--threads' err || fail "a misspelt option gets no suggestion"
[ ! -s out ] || fail "messages belong on stderr"
"$heddle" --version | grep -qE '^heddle [0-9]+\.[0-9]+\.[0-9]+' || fail "no version"
echo "help: ${#commands[@]} commands, the same options in help, manual and completion"
