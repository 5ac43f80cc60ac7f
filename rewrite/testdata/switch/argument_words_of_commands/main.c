#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "command.h"

static char **saved;
static int verbose;

static void restart(void)
{
	execv(saved[0], saved);
}

int main(int argc, char *argv[])
{
	char word[256], *parv[2];

	saved = argv;
	while (--argc > 0 && (*++argv)[0] == '-') {
		char *p = argv[0] + 1;
		int flag = *p++;

		switch (flag) {
		case 'v':
			verbose = 1;
			break;
		case 'x':
			debuglevel = atoi(p);
			break;
		default:
			fprintf(stderr, "usage: server [-v] [-x level]\n");
			exit(1);
		}
	}
	parv[0] = "who";
	parv[1] = word;
	strcpy(word, "ab");
	commands[0].run(serve(), 2, parv);
	if (verbose > 1)
		restart();
	return 0;
}
