/* The program's own, which has options with and without an argument only. */
extern char *my_optarg;
int my_getopt(int argc, char **argv, const char *opts);
#define getopt my_getopt
#define optarg my_optarg
