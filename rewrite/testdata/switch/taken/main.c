#include <stdio.h>
#include <unistd.h>
#include "net.h"

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "kKv")) != -1) {
		switch (c) {
		case 'k':
		case 'K':
		case 'v':
			break;
		default:
			return 1;
		}
	}
	return run();
}
