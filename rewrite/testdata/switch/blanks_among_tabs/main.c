#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void usage(void)
{
	fprintf(stderr, "usage: main [-d] [-f file]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	int opt;
	int debug = 0;

  while ((opt = getopt(argc, argv, "df:")) != -1) {
    switch (opt) {
      case 'd':
        debug++;
        break;

      case 'f':
        break;

      default:
        usage();
    }
  }

	if (debug > 1) {
		printf("debug %d\n", debug);
	}
	if (optind < argc) {
		usage();
	}
	return run();
}
