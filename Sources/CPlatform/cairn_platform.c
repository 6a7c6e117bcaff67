#include "cairn_platform.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>

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

struct cairn_alarm {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  int rang;
};

struct cairn_alarm *cairn_alarm_create(void) {
  struct cairn_alarm *alarm = calloc(1, sizeof *alarm);
  if (alarm == NULL) abort();
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&alarm->condition, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&alarm->mutex, NULL);
  return alarm;
}

void cairn_alarm_wait(struct cairn_alarm *alarm, int64_t until) {
  struct timespec time = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
  pthread_mutex_lock(&alarm->mutex);
  int code = 0;
  while (!alarm->rang && code == 0)
    code = pthread_cond_timedwait(&alarm->condition, &alarm->mutex, &time);
  alarm->rang = 0;
  pthread_mutex_unlock(&alarm->mutex);
}

void cairn_alarm_ring(struct cairn_alarm *alarm) {
  pthread_mutex_lock(&alarm->mutex);
  alarm->rang = 1;
  pthread_cond_signal(&alarm->condition);
  pthread_mutex_unlock(&alarm->mutex);
}
