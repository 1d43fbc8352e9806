#!/bin/bash
# All cells: threads {1,2,3,5,8} x levels {v2,v3,v4} x compilers x {straight, killed with -9 and resumed}.
exec bash "$(dirname "$0")/nbody.sh" "$1" "$2" full
