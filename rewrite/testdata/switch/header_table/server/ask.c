#include <stdio.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "fv")) != -1)
		if (c == '?')
			return 2;
	puts("asked");
	return 0;
}
