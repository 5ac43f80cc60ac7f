#ifdef HAVE_GETOPT_LONG
# include <getopt.h>
# define GETOPT_LONGISH(c, v, o, l, i) getopt_long(c, v, o, l, i)
#else
# include <unistd.h>
# define GETOPT_LONGISH(c, v, o, l, i) getopt((c), (v), "+" o)
#endif
