#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static void printhelp(const char *progname)
{
	fprintf(stderr, "Usage: %s [options]\n"
					"-b bannerfile	Display a banner\n"
					"-E		Log to stderr\n"
					"-p port		Listen on port\n"
					"-V    Version\n",
					progname);
}

int main(int argc, char ** argv)
{
	unsigned int i, j;
	const char ** next = NULL;
	const char *banner = "none", *port = "0";
	int quiet = 0;
	char c;

	for (i = 1; i < (unsigned int)argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			fprintf(stderr, "Invalid argument: %s\n", argv[i]);
			exit(EXIT_FAILURE);
		}

		for (j = 1; (c = argv[i][j]) != '\0' && !next; j++) {
			switch (c) {
				case 'b':
					next = &banner;
					break;
				case 'E':
					quiet = 1;
					break;
				case 'p':
					next = &port;
					break;
				case 'V':
					puts("1.0");
					exit(EXIT_SUCCESS);
					break;
				default:
					fprintf(stderr, "Invalid option -%c\n", c);
					printhelp(argv[0]);
					exit(EXIT_FAILURE);
					break;
			}
		}

		if (!next)
			continue;

		if (c == '\0') {
			i++;
			j = 0;
			if (!argv[i]) {
				fprintf(stderr, "Missing argument\n");
				exit(EXIT_FAILURE);
			}
		}
		*next = &argv[i][j];
		next = NULL;
	}
	if (!quiet)
		printf("banner %s port %s\n", banner, port);
	return run();
}
