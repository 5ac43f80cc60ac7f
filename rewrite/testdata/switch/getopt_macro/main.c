#include <stdio.h>
#include <stdlib.h>
#include "opts.h"
#include "net.h"

int main(int argc, char **argv)
{
#ifdef HAVE_GETOPT_LONG
	static const struct option longopts[] = {
		{"host", required_argument, NULL, 'h'},
		{"verbose", no_argument, NULL, 2},
		{NULL, 0, NULL, 0}
	};
	int longindex;
#endif
	int ch;

	while ((ch = GETOPT_LONGISH(argc, argv, "h:q", longopts, &longindex)) > 0) {
		switch (ch) {
		case 'h':
			printf("host %s\n", optarg);
			break;
		case 2:
			puts("verbose");
			break;
		case 'q':
			puts("quiet");
			break;
		default:
			fprintf(stderr, "Usage: prog [OPTION]...\n\n"
"-h HOST, --host HOST   connect to HOST\n"
"-q                     say less\n"
"      --verbose        say more\n");
			exit(EXIT_FAILURE);
		}
	}
	return run();
}
