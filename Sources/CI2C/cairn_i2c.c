#include "cairn_i2c.h"
