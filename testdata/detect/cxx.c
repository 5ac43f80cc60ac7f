/* C++ in headers of a C tree. */
#include "cxx.h"
