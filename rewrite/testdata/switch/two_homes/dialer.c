#include <stdlib.h>
#include "lib.h"

int main(int argc, char **argv)
{
	return argc < 2 || dial(atoi(argv[1])) < 0;
}
