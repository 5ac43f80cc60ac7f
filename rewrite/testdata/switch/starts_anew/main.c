#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static char **arguments;
static const char *self;

/* A new one, with the same arguments. */
static void restart(void)
{
	execv(self, arguments);
	perror(self);
}

/* A worker, which gets one argument. */
static void worker(void)
{
	char *list[3];

	list[0] = arguments[0];
	list[1] = (char *)"-w";
	list[2] = NULL;
	execv("/proc/self/exe", list);
	perror(self);
}

int main(int argc, char *argv[])
{
	int c, again = 0, work = 0, works = 0;

	arguments = argv;
	self = argv[0];
	while ((c = getopt(argc, argv, "rsw")) != -1) {
		switch (c) {
		case 'r':
			again = getenv("AGAIN") == NULL;
			break;
		case 's':
			work = 1;
			break;
		case 'w':
			works = 1;
			break;
		default:
			return 3;
		}
	}
	if (works)
		puts("worker");
	if (work)
		worker();
	if (again) {
		setenv("AGAIN", "1", 1);
		restart();
	}
	return run();
}
