#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SETOPT(fd, level, opt, val)                                      \
	do {                                                             \
		int v_ = (val);                                          \
		if (setsockopt((fd), (level), (opt), &v_, sizeof(v_)) == -1) \
			perror(#opt);                                    \
	} while (0)

static int set_flag(int fd, int option, int value)
{
	return setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value));
}

int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd == -1)
		return -1;

	SETOPT(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	return fd;
}

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd == -1) {
		fprintf(stderr, "socket: %s\n", strerror(errno));
		return -1;
	}
	if (set_flag(fd, SO_OOBINLINE, 1) < 0) {
		fprintf(stderr, "SO_OOBINLINE: %s\n", strerror(errno));
		close(fd);
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		fprintf(stderr, "connect: %s\n", strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
