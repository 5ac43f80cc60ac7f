#include <stdio.h>
#include <string.h>
#include "net.h"

static void set_error(char *buf, size_t len, const char *what, const char *name)
{
	snprintf(buf, len, "%s%s", what, name);
}

static int apply(int argc, char **argv, char *error, size_t len)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--quiet") == 0) {
			puts("quiet");
		} else if (strcmp(argv[i], "--port") == 0) {
			if (++i == argc) {
				set_error(error, len, "no port behind ", argv[i - 1]);
				return -1;
			}
		} else if (strcmp(argv[i], "--raw") == 0) {
			puts("raw");
		} else {
			set_error(error, len, "unknown option ", argv[i]);
			return -1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	char error[100] = "";

	if (apply(argc, argv, error, sizeof(error)) < 0) {
		fprintf(stderr, "prog: %s\n", error);
		return 2;
	}
	return run();
}
