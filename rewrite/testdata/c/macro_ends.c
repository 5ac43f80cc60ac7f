#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define error(msg) { fprintf(stderr, "%s: %s\n", msg, strerror(errno)); exit(EXIT_FAILURE); }
#define complain(msg) { fprintf(stderr, "%s: %s\n", msg, strerror(errno)); }

/* The program's own error() ends it. */
int dial(const struct sockaddr_in *sa)
{
	int fd;

	fd = socket(PF_INET, SOCK_STREAM, 0);
	if (fd == -1)
		error("socket");

	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) != 0)
		error("connect");
	return fd;
}

/* Behind a block and a semicolon there is no else. */
int dial_on(const struct sockaddr_in *sa)
{
	int fd;

	fd = socket(PF_INET, SOCK_STREAM, 0);
	if (fd == -1)
		complain("socket");

	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) != 0)
		complain("connect");
	return fd;
}
