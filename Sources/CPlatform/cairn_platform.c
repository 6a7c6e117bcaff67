#include "cairn_platform.h"

#include <errno.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timex.h>

int cairn_clock_state(struct cairn_clock_state *state) {
  struct timex now = {.modes = 0};
  int answer = adjtimex(&now);
  if (answer < 0) return -errno;
  state->is_synchronised = answer != TIME_ERROR && (now.status & STA_UNSYNC) == 0;
  state->max_error_us = now.maxerror;
  return 0;
}

int cairn_forbid_dumps(void) {
  struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return -errno;
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return -errno;
  return 0;
}

void cairn_limit_arenas(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 128 * 1024);
#endif
}

void cairn_trim_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
