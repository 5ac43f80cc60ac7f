#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

int timer = 3;

int main(int argc, char *argv[])
{
	int i, dumb = 0;
	const char *name = "nobody";

	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '-') {
			if (argv[i][1] == 'd')
				dumb = 1;
			else {
				fprintf(stderr, "usage: %s %s\n", argv[0], "[name] [-dumb]");
				exit(1);
			}
		} else if (strchr(argv[i], '.'))
			name = argv[i];
	}
	if (dumb)
		printf("dumb %s %d\n", name, timer);
	return run();
}
