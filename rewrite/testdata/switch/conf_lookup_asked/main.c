#include <stdio.h>
#include <string.h>
#include "config.h"
#include "net.h"

int main(int argc, char **argv)
{
	int ret;

	if (argc > 1 && config_read(argv[1]) < 0)
		return 6;

	/*
	 * Without a destination there has to be a transparent one.
	 */
	if (strcmp(config_text("Destination", ""), "none") == 0 &&
	    config_bool("AllowTransProxy", 0) == 0) {
		fprintf(stderr, "no destination\n");
		return 5;
	}
	ret = run();
	if (config_bool("SayGoodbye", 0))
		printf("bye\n");
	return ret;
}
