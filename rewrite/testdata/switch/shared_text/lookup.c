#include <stdio.h>
#include <unistd.h>
#include "text.h"

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "hqv")) != -1) {
		switch (c) {
		case 'q':
		case 'v':
			break;
		default:
			common_options();
			return 2;
		}
	}
	puts("nothing");
	return 0;
}
