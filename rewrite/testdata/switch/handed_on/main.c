#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <getopt.h>
#include "net.h"

static int bits, quiet;

static struct option longopts[] =
{
    {"bits", required_argument, NULL, 'b'},
    {"quiet", no_argument, NULL, 'q'},
    {NULL, 0, NULL, 0}
};

#ifdef AUTH
#define OPTIONS "b:qH:"
#else
#define OPTIONS "b:q"
#endif

/*
 * Take one option.
 */
#ifdef __STDC__
static void
do_option(int option_value)
#else
static void
do_option(option_value)
int option_value;
#endif
{
    switch (option_value)
    {
    case 'b':
	bits = atoi(optarg);
	if (bits != 8 && bits != 16)
	{
	    fprintf(stderr, "Invalid bits: %s.\n", optarg);
	    exit(3);
	}
	break;

    case 'q':
	quiet++;
	break;

    default:
	fprintf(stderr, "usage: prog [-q] [-b bits]\n");
	exit(3);
    }
}

#ifdef __STDC__
int
main(int argc, char **argv)
#else
int
main(argc, argv)
int argc;
char **argv;
#endif
{
    int c;

    while ((c = getopt_long(argc, argv, OPTIONS, longopts, 0)) != -1)
    {
	do_option(c);
    }
    if (!quiet)
	printf("bits %d\n", bits);
    return run();
}
