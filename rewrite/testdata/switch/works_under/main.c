#include <stdlib.h>
#include "args.h"
#include "net.h"

int main(int argc, char **argv)
{
	if (parse_args(argc, argv)) {
		if (run() != 0)
			exit(3);
	}
	return 0;
}
