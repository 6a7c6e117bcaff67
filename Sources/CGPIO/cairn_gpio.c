#include "cairn_gpio.h"
