#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAVE_IF(cond, val) do { if (cond) return (val); } while (0)
#define MUST(x) do { if ((x) < 0) { perror(#x); exit(1); } } while (0)
#define SHOW_IF(cond, what) do { if (cond) perror(what); } while (0)
#define ZERO(x) do { assert((x) == 0); } while (0)

#define IF_BAD(x) if ((x) < 0)

int headed(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	IF_BAD(fd) {
		perror("socket");
		return -1;
	}
	IF_BAD(connect(fd, (struct sockaddr *)sa, sizeof(*sa))) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}

int dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	LEAVE_IF(fd < 0, -1);
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int take(int lfd)
{
	int fd, rc, one = 1;

	fd = accept(lfd, NULL, NULL);
	MUST(fd);
	MUST(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)));
	rc = write(fd, "220\n", 4);
	return rc < 0 ? -1 : fd;
}

int shown(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	SHOW_IF(fd < 0, "socket");
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int checked(struct sockaddr_in *sa)
{
	int fd, rc, opt = 1;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -errno;
	rc = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &opt, sizeof(opt));
	ZERO(rc);
	rc = connect(fd, (struct sockaddr *)sa, sizeof(*sa));
	ZERO(rc);
	return fd;
}
