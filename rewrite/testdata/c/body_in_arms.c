#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fatal(const char *text)
{
	puts(text);
	exit(1);
}

/* The body of the check is one of two statements, by language. */
int ask(struct sockaddr_in *sa)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
#ifdef ENGLISH
		fatal("cannot create a socket");
#endif
#ifdef FRENCH
		fatal("ne peut creer la liaison");
#endif

	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		printf("no connection\n");
	return fd;
}

/* So it is where it stands in braces. */
int ask_again(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
#ifdef ENGLISH
	{
		fatal("cannot create a socket");
	}
#endif
#ifdef FRENCH
	{
		fatal("ne peut creer la liaison");
	}
#endif
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		printf("no connection\n");
	return fd;
}
