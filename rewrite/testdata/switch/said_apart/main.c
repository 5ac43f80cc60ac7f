#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static void help(void)
{
	printf("-q WIDTH\n");
	printf("    say less\n");
	printf("-a NAME\n");
	printf("    say "
		"all\n");
}

int main(int argc, char **argv)
{
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "q:a:")) != -1) {
		switch (c) {
		case 'q':
		case 'a':
			printf("%c %s\n", c, optarg);
			break;
		default:
			help();
			exit(2);
		}
	}
	return run();
}
