#pragma once
#include <stdint.h>

/// How many blocks of memory this process has asked for since its start.
uint64_t allocations(void);
