#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

extern struct driver net_driver;

static struct driver *drivers[] = {
	&net_driver,
	NULL
};

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts(drivers[0]->name);
			break;
		default:
			fprintf(stderr, "usage: prog [-v]\n");
			exit(2);
		}
	}
	return drivers[0]->start();
}
