#include <stdio.h>
#include <stdlib.h>
#include "net.h"

#define ANSI_FUNC 1

/* The host is the only argument. */
#ifdef ANSI_FUNC
int main (int argc, char *argv[])
#else
int main (argc, argv)
int argc;
char *argv[];
#endif
{
	const char *host = "none";

	if (argc == 2)
		host = argv[1];
	printf("host %s\n", host);
	return run();
}
