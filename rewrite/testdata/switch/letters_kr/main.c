#include <stdio.h>
#include "net.h"

int main(int argc, char *argv[])
{
	int c, verbose = 0, number = 0;

	while (--argc > 0 && (*++argv)[0] == '-')
		while ((c = *++argv[0]))
			switch (c) {
			case 'v':
				verbose = 1;
				break;
			case 'n':
				number = 1;
				break;
			default:
				printf("find: illegal option %c\n", c);
				return 3;
			}
	if (verbose)
		printf("%d words, number %d\n", argc, number);
	return run();
}
