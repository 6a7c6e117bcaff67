#include "cairn_platform.h"
