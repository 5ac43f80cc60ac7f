#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

struct link {
	int fd;
};

int dial(struct link *l, struct sockaddr_in *sa)
{
	int err, one;

	one = 1;
	do {
		l->fd = socket(AF_INET, SOCK_STREAM, 0);
		if (l->fd < 0)
			return -1;
		err = setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (err)
			break;
		err = connect(l->fd, (struct sockaddr *)sa, sizeof(*sa));
		if (err)
			break;
		return 0;
	} while (0);
	close(l->fd);
	return -1;
}

int open_link(struct link *l)
{
	int one = 1;

	l->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (l->fd < 0)
		return -1;
	if (setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0)
		return -1;
	return 0;
}

int connect_link(struct sockaddr_in *sa)
{
	struct link l = { -1 };

	if (open_link(&l) == 0 && connect(l.fd, (struct sockaddr *)sa, sizeof(*sa)) == 0)
		return l.fd;
	if (l.fd != -1)
		close(l.fd);
	return -1;
}

int maybe(int lfd, int quiet)
{
	int fd, flag;

	if (quiet)
		flag = 1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	return quiet ? fd : fd + flag;
}

int in_between(struct sockaddr_in *sa)
{
	int fd, on;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	on = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		perror("setsockopt(SO_REUSEADDR)");
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
