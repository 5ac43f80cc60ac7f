#include <stdio.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char *argv[])
{
	const char *addr = "none", *file = "none";
	int opt;

	while ((opt = getopt(argc, argv, "p:h")) != -1) {
		switch (opt) {
		case 'p':
			printf("port %s\n", optarg);
			break;
		case 'h':
			printf("usage: prog [-h] [-p port] [addr [file]]\n");
			return 0;
		default:
			return 2;
		}
	}
	opt = 0;
	while (optind < argc) {
		switch (opt) {
		case 0:
			addr = argv[optind++];
			break;
		case 1:
			file = argv[optind++];
			break;
		default:
			fprintf(stderr, "unknown argument -- %s\n", argv[optind++]);
		}
		opt++;
	}
	printf("%s %s\n", addr, file);
	return run();
}
