#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEMP_FAILURE_RETRY(x) ({ long r_; do r_ = (x); while (r_ == -1 && errno == EINTR); r_; })
#define NO_EINTR(x) do { x; } while (0)
#define WRAP(x) (x)
#define MUST(x) must((x), #x)

static int must(int r, const char *what)
{
	if (r < 0) {
		perror(what);
		exit(1);
	}
	return r;
}

static int checked(int fd)
{
	if (fd < 0) {
		perror("socket");
		exit(1);
	}
	return fd;
}

int retry(int lfd)
{
	int fd = TEMP_FAILURE_RETRY(accept(lfd, NULL, NULL));

	if (fd < 0) {
		perror("accept");
		return -1;
	}
	return fd;
}

int statement(int lfd)
{
	int fd = -1;

	NO_EINTR(fd = accept(lfd, NULL, NULL));
	if (fd == -1)
		return -1;
	return fd;
}

int condition(struct sockaddr_in *sa)
{
	int fd;

	if ((fd = WRAP(socket(AF_INET, SOCK_STREAM, 0))) < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int dies(struct sockaddr_in *sa)
{
	int fd = MUST(socket(AF_INET, SOCK_STREAM, 0));

	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int function(struct sockaddr_in *sa)
{
	int fd = checked(socket(AF_INET, SOCK_STREAM, 0));

	MUST(connect(fd, (struct sockaddr *)sa, sizeof(*sa)));
	return fd;
}

int listen_on(struct sockaddr_in *sa)
{
	int fd = checked(socket(AF_INET, SOCK_STREAM, 0));

	MUST(bind(fd, (struct sockaddr *)sa, sizeof(*sa)));
	MUST(listen(fd, 5));
	for (;;) {
		retry(fd);
		statement(fd);
	}
}
