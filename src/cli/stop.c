/* Signals: the first Ctrl-C (or SIGTERM) raises a flag that the run looks at; the second ends the process. */
#include "cli/commands.h"

#include <signal.h>

static atomic_int stop_asked; /* written by the handler alone */

static void on_signal(int number) {
  if (atomic_exchange(&stop_asked, 1) == 0) return;
  signal(number, SIG_DFL);
  raise(number);
}

const atomic_int *cli_stop_flag(void) {
  struct sigaction action = {.sa_handler = on_signal};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGUSR1, &action, NULL);
  return &stop_asked;
}
