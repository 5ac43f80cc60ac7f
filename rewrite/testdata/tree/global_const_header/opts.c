#include "opts.h"

const int enabled = 1;
