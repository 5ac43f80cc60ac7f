#include <stdio.h>
#include <string.h>
#include "config.h"
#include "net.h"

static int listing = 1;

int main(int argc, char **argv)
{
	if (argc > 1 && config_read(argv[1]) < 0)
		return 6;
	if (strcmp(config_value("Listing"), "no") == 0) {
		listing = 0;
	}
	printf("listing %d\n", listing);
	if (strcmp(config_value("Destination"), "none") == 0) {
		fprintf(stderr, "no destination\n");
		return 5;
	}
	return run();
}
