#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int run(void);

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts("verbose");
			break;
		default:
			fprintf(stderr, "usage: prog [-v]\n");
			exit(2);
		}
	}
	return run();
}
