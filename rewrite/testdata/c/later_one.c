#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/ioctl.h>
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

static void set_nonblock(int fd)
{
	int opt = 1;

	ioctl(fd, FIONBIO, &opt);
}

/* The variable is set behind steps that only prepare the descriptor. */
int behind_steps(int lfd, struct sockaddr_in *sa)
{
	int fd, opt;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	close(lfd);
	set_nonblock(fd);
	opt = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
	opt = 1;
	setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &opt, sizeof(opt));
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

/* The step has a copy of the descriptor. */
int by_copy(struct link *l, struct sockaddr_in *sa)
{
	int ret;

	if ((ret = l->fd = socket(AF_INET, SOCK_STREAM, 0)) >= 0) {
		int opt, s = l->fd;

		set_nonblock(s);
		opt = 1;
		setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
		ret = connect(s, (struct sockaddr *)sa, sizeof(*sa));
	}
	return ret;
}

/* A step that may be more. */
int behind_more(struct sockaddr_in *sa)
{
	int fd, opt;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	connect(fd, (struct sockaddr *)sa, sizeof(*sa));
	opt = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &opt, sizeof(opt));
	return fd;
}

/* In an arm of a switch that begins above the step. */
int in_arm(int mode, int lfd)
{
	int fd = -1, opt;

	switch (mode) {
	case 0:
		break;
	default:
		fd = accept(lfd, NULL, NULL);
		if (fd < 0)
			return -1;
		close(lfd);
		opt = 1;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
	}
	return fd;
}

/* The comment is about the option that follows. */
int commented(int lfd)
{
	int fd = accept(lfd, NULL, NULL), opt;

	if (fd < 0)
		return -1;
	/* Give urgent data in line. */
	opt = 1;
	setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &opt, sizeof(opt));
	return fd;
}
