/* As the other one. */
#include "unix.c"
