#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>
#include <netinet/tcp.h>

static int setup_socket(int fd)
{
	int on = 1;

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1) {
		perror("fcntl");
		return -1;
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1) {
		perror("TCP_NODELAY");
		return -1;
	}
	return 0;
}

int dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (setup_socket(fd) < 0 || connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		return -1;
	setup_socket(fd);
	return fd;
}

static void set_options(int fd)
{
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &one, sizeof(one));
}

/* The listener passes through the function, too: it stays as it is. */
int serve(struct sockaddr_in *sa)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	set_options(lfd);
	if (bind(lfd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(lfd, 5) < 0)
		return -1;
	take(lfd);
	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	set_options(fd);
	return fd;
}
