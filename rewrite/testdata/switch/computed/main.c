#include <stdio.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	char opts[32];
	int c;

	snprintf(opts, sizeof(opts), "hv%s", argc > 3 ? "x" : "");
	while ((c = getopt(argc, argv, opts)) != -1) {
		switch (c) {
		case 'h':
			printf("help\n");
			return 0;
		default:
			return 1;
		}
	}
	return run();
}
