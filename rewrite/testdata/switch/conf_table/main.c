#include <stdio.h>
#include "config.h"
#include "net.h"

int main(int argc, char **argv)
{
	if (argc > 1 && read_config(argv[1]) < 0)
		return 6;
	if (log_all && foreground)
		printf("%s %d\n", banner, max_peers);
	return run();
}
