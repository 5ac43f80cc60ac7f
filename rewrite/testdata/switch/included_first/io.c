
/* The two ways to the peer are kept apart. */

#ifdef WITH_OTHER
#include "other.c"
#else
#include "part.c"
#endif
