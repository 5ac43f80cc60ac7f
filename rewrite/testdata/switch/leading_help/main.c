#include <stdio.h>
#include <string.h>
#include "net.h"

static void help(const char *name)
{
	printf("Use: %s -f FILE\n", name);
}

int main(int argc, char **argv)
{
	char *file = 0;

	if ((argc >= 3) && (strcmp(*(argv + 1), "-f") == 0)) {
		file = *(argv + 2);
	} else {
		help(*(argv + 0));
		return 0;
	}
	printf("reading %s\n", file);
	return run();
}
