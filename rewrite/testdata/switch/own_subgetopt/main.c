#include <stdio.h>
#include <stdlib.h>
#include "net.h"
#include "subgetopt.h"

int main(int argc, char *argv[])
{
	int opt;

	while ((opt = sgopt(argc, argv, "rRt:")) != sgoptdone)
		switch (opt) {
		case 'r':
			puts("remote");
			break;
		case 'R':
			break;
		case 't':
			printf("time %d\n", atoi(sgoptarg));
			break;
		default:
			return 4;
		}
	if (sgoptind < argc)
		printf("rest %s\n", argv[sgoptind]);
	return run();
}
