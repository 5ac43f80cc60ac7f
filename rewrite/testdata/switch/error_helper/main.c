#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static int status;

static void report(int err, const char *fmt, ...)
{
	va_list ap;

	if (err > status)
		status = err;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
}

/* Returns how many arguments were options. */
static int options(int argc, char **argv)
{
	int c, args = 1;

	opterr = 0;
	while ((c = getopt(argc, argv, "avq")) != -1) {
		switch (c) {
		case 'a':
			puts("all");
			args++;
			break;
		case 'v':
			puts("verbose");
			args++;
			break;
		case 'q':
			args++;
			break;
		default:
			args++;
			report(4, "ERROR: bad option %c", optopt);
		}
	}
	return args;
}

int main(int argc, char **argv)
{
	printf("%d arguments\n", argc - options(argc, argv));
	if (status)
		return status;
	return run();
}
