#include <stdio.h>
#include <unistd.h>

#define NAME(x) puts(#x)

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "nv")) != -1) {
		if (c == '?')
			return 2;
	}
	NAME(os_run);
	return 0;
}
