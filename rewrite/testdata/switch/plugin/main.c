#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <dlfcn.h>

static void usage(void)
{
	fprintf(stderr, "usage: prog [-q]\n");
	exit(2);
}

/* All the work is done by the plug-in. */
int main(int argc, char **argv)
{
	void *lib;
	int (*start)(void);
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "q")) != -1) {
		switch (c) {
		case 'q':
			printf("quiet\n");
			break;
		default:
			usage();
		}
	}
	lib = dlopen("./plug.so", RTLD_NOW);
	if (lib == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		return 3;
	}
	*(void **)&start = dlsym(lib, "plug_start");
	return start == NULL ? 4 : start();
}
