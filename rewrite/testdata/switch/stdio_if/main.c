#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef FANCY
#include <stdio.h>
#include "fancy.h"
#endif
#include "net.h"

/* No stream is used here, except by another library. */
int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-q") == 0) {
			if (write(1, "quiet\n", 6) < 0)
				exit(3);
		} else if (strcmp(argv[i], "-e") == 0) {
			exit(4);
		} else {
			exit(2);
		}
	}
	return run();
}
