#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static void tell(const char *text)
{
	printf("%s\n", text);
}

/* Texts of commands that users give when they are connected. */
static void do_whisper(const char *arg)
{
	if (*arg == '\0') {
		tell("Syntax: whisper <person> <message>");
		return;
	}
	tell(arg);
}

/* A string is no list of arguments. */
static void edit(const char *who, char **string)
{
	if (!strcmp(who, "-nobody") || **string == '-')
		return;
	do_whisper(*string);
}

int main(int argc, char **argv)
{
	char text[] = "hello";
	char *line = text;
	int port = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1) {
		port = atoi(argv[1]);
		if (port <= 0) {
			fprintf(stderr, "Usage: %s [port]\n", argv[0]);
			exit(1);
		}
	}
	edit("me", &line);
	printf("port %d\n", port);
	return run();
}
