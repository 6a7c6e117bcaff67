#ifndef CAIRN_PLATFORM_H
#define CAIRN_PLATFORM_H

#include <stdint.h>

// What the kernel says of the clock's keeping.
struct cairn_clock_state {
  int is_synchronised;        // 1 where something keeps the clock
  int64_t max_error_us;       // the largest error, in microseconds
};

// Asks adjtimex; 0 or -errno.
int cairn_clock_state(struct cairn_clock_state *_Nonnull state);

// No core dumps and no tracing by others, so that keys stay in the process; 0 or -errno.
int cairn_forbid_dumps(void);

// Few arenas and an early return of memory: the runtime's threads allocate little.
void cairn_limit_arenas(void);

// Writes free memory back to the system.
void cairn_trim_memory(void);

// What one thread waits for and others ring; times are those of CLOCK_MONOTONIC, whatever the
// system's time is set to meanwhile.
struct cairn_alarm;

// An alarm for good.
struct cairn_alarm *_Nonnull cairn_alarm_create(void);

// Waits until it rings, or rang since the last wait, or until a time in nanoseconds.
void cairn_alarm_wait(struct cairn_alarm *_Nonnull alarm, int64_t until);

// Rings.
void cairn_alarm_ring(struct cairn_alarm *_Nonnull alarm);

#endif
