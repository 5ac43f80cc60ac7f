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

/* A child, which gets the arguments behind a flag of its own. */
static void child(int argc, char *argv[])
{
	char **list;
	int i, n = 0;

	list = calloc(argc + 2, sizeof(*list));
	if (list == NULL)
		return;
	list[n++] = argv[0];
	list[n++] = (char *)"-w";
	for (i = 1; i < argc; i++)
		list[n++] = argv[i];
	execv(argv[0], list);
	perror(argv[0]);
}

int main(int argc, char *argv[])
{
	int c, again = 0, work = 0, works = 0, forks = 0;

	arguments = argv;
	self = argv[0];
	while ((c = getopt(argc, argv, "rsfw")) != -1) {
		switch (c) {
		case 'r':
			again = getenv("AGAIN") == NULL;
			break;
		case 's':
			work = 1;
			break;
		case 'f':
			forks = 1;
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
	if (forks && !works)
		child(argc, argv);
	if (again) {
		setenv("AGAIN", "1", 1);
		restart();
	}
	return run();
}
