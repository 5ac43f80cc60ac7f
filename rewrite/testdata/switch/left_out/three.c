#include <stdio.h>
#include <string.h>
#include "net.h"

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "word") == 0)
		puts("two");
	return run();
}
