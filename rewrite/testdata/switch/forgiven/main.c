#include <stdio.h>
#include <unistd.h>
#include "net.h"

static int parse_args(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "vw")) != -1) {
		switch (c) {
		case 'v':
		case 'w':
			break;
		default:
			return -1;
		}
	}
	return 0;
}

/* A wrong option ends with 0 here, which a wrong argument must not. */
int main(int argc, char *argv[])
{
	int ret = 0;

	if (parse_args(argc, argv) < 0)
		goto out;
	ret = run();
out:
	return ret;
}
