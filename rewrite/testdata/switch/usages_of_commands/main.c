/* A program without options: what begins with hyphens is a line that it prints, and a name
 * that it goes by. The commands that it reads later have usage texts of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int command(const char *line)
{
	if (strcmp(line, "PUT") == 0 || strcmp(line, "GET") == 0)
		return 0;
	printf("unknown command: %s\n", line);
	printf("  Usage: PUT <name> <value>\n");
	printf("  Usage: GET <name>\n");
	printf("  Usage: EXIT\n");
	return 1;
}

int main(int argc, char **argv)
{
	char id[32];

	if (argc < 2) {
		fprintf(stderr, "no command\n");
		exit(2);
	}
	snprintf(id, sizeof(id), "-TC001-%012d", argc);
	printf("----%s %d\n", argv[1], (int)strlen(id));
	if (command(argv[1]))
		return 1;
	return run();
}
