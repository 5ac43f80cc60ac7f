#include <stdio.h>
#include <unistd.h>
#include "net.h"
#include "assl.h"


int main(int argc, char *argv[])
{
	int c;

	while ((c = getopt(argc, argv, "nv")) != -1) {
		switch (c) {
		case 'n':
		case 'v':
			break;
		default:
			return 2;
		}
	}
	
#ifdef WITH_SSL
	if (argc > 1)
		return ssl_dial(NULL);
#endif
	return run();
}
