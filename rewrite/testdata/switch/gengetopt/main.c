#include "cmdline.h"
#include "net.h"

int main(int argc, char **argv)
{
	if (cmdline_parser(argc, argv) != 0)
		return 1;
	return run();
}
