#include <stdio.h>
#include <unistd.h>
#include "init.h"

int main(int argc, char *argv[])
{
	int c, i;

	while ((c = getopt(argc, argv, "fv")) != -1) {
		switch (c) {
		case 'f':
		case 'v':
			break;
		default:
			fprintf(stderr, "usage: %s [-f] [-v]\n", argv[0]);
			return 2;
		}
	}
	for (i = 0; table[i].fn != NULL; i++)
		if (table[i].fn() != 0)
			return 1;
	return 0;
}
