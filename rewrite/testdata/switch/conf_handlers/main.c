#include <stdio.h>
#include "config.h"
#include "net.h"

int main(int argc, char **argv)
{
	if (argc > 1 && read_config(argv[1]) < 0)
		return 6;
	if (settings.verbose)
		printf("%d %d\n", settings.use_dns, settings.workers);
	return run();
}
