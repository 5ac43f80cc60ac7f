#include <stdio.h>
#include <unistd.h>

#define OPTIONS "xyz"

int tool(int argc, char **argv);

int tool(int argc, char **argv)
{
	while (getopt(argc, argv, OPTIONS) != -1)
		puts("option");
	return 0;
}
