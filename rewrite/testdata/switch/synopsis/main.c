#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static const char *usages[] = {
	"serve [-a] [-b] "
#ifdef WITH_D
	"[-d] "
#endif
	"[-e FILE] [-f FILE]\n"
	"      [-g FILE] [-h]\n"
};

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "abde:f:g:h")) != -1) {
		switch (c) {
		case 'a':
		case 'b':
			break;
		default:
			fprintf(stderr, "Usage: %s", usages[0]);
			exit(1);
		}
	}
	return run();
}
