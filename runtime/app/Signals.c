/* Signals.c: stopping a training run between two steps. */
#include "runtime/app/Signals.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t received;

static void remember(int signal) { received = signal; }

void reportWriteErrors(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_IGN;
  sigemptyset(&action.sa_mask);
  sigaction(SIGXFSZ, &action, 0);
}

void watchSignals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = remember;
  /* Reset, so that a second signal ends a run that does not come to the end of
   * its step. */
  action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, 0);
  sigaction(SIGTERM, &action, 0);
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGPIPE, &action, 0);
}

int receivedSignal(void) { return received; }
