#include <stdio.h>
#include <stdlib.h>
#include "net.h"

static int help(void)
{
	printf("-h host, -p port\n");
	return 0;
}

int main(int argc, char *argv[])
{
	const char *host = "none";
	int i, ret = 0;

	/* the options come in any order, with hyphens or without */
	for (i = 1; i < argc; i++) {
		char *pa = argv[i];
		if (*pa == '-') {
			while (*pa == '-')
				pa++;
			switch (*pa) {
			case '?':
				return help();
			case 'h':
				if (++i == argc) {
					fprintf(stderr, "ERROR: no host!\n");
					goto bad_option;
				}
				host = argv[i];
				break;
			default:
				goto bad_option;
			}
		} else {
bad_option:
			fprintf(stderr, "ERROR: Unknown option! [%s] Try -?\n", i < argc ? argv[i] : "");
			ret = 1;
			goto end;
		}
	}
	printf("%s\n", host);
	ret = run();
end:
	return ret;
}
