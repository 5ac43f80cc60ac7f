#include <stdio.h>
#include "codes.h"
#include "net.h"

int main(int argc, char **argv)
{
	if (argc > 1 && read_config(argv[1]) < 0)
		return 6;
	if (verbose && !quiet)
		printf("%s %d\n", banner, workers);
	return run();
}
