#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define panic(...) do { \
	fprintf(stderr, __VA_ARGS__); \
	exit(EXIT_FAILURE); \
} while (0)

int dial(struct sockaddr_in *sa)
{
	int fd;

	if (-1 == (fd = socket(AF_INET, SOCK_STREAM, 0)))
		panic("socket: %s", strerror(errno));
	if (0 != connect(fd, (struct sockaddr *)sa, sizeof *sa))
		panic("connect: %s", strerror(errno));

	return fd;
}

void both(int fd[2], struct sockaddr_in *sa)
{
	socklen_t len = sizeof *sa;
	int lfd = -1;

	if (-1 == (lfd = socket(AF_INET, SOCK_STREAM, 0)))
		panic("socket: %s", strerror(errno));
	if (0 != listen(lfd, SOMAXCONN))
		panic("listen: %s", strerror(errno));
	if (0 != getsockname(lfd, (struct sockaddr *)sa, &len))
		panic("getsockname: %s", strerror(errno));

	if (-1 == (fd[1] = socket(AF_INET, SOCK_STREAM, 0)))
		panic("socket: %s", strerror(errno));
	if (0 != connect(fd[1], (struct sockaddr *)sa, len))
		panic("connect: %s", strerror(errno));

	if (-1 == (fd[0] = accept(lfd, NULL, NULL)))
		panic("accept: %s", strerror(errno));

	close(lfd);
}

/* A failure ends nothing in a loop, nor where another is let pass. */
int first(struct sockaddr_in *sa, int n)
{
	int fd = -1;

	while (n-- > 0) {
		if (-1 == (fd = socket(AF_INET, SOCK_STREAM, 0)))
			panic("socket: %s", strerror(errno));
		if (0 == connect(fd, (struct sockaddr *)sa++, sizeof *sa))
			break;
		close(fd);
	}

	return fd;
}

int serve(int lfd)
{
	int fd;

	if (-1 == (fd = accept(lfd, NULL, NULL)))
		panic("accept: %s", strerror(errno));
	if (1 != write(fd, "", 1))
		panic("write: %s", strerror(errno));

	return fd;
}
