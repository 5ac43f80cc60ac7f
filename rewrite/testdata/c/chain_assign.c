#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct peer {
	int fd;
	int state;
};

int dial(struct peer *p, struct sockaddr_in *sa)
{
	int fd;

	fd = p->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd == -1) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		perror("connect");
		close(fd);
		return -1;
	}
	return 0;
}

int take(struct peer *p, int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	p->fd = fd;
	if (p->fd < 0)
		return -1;
	p->state = 1;
	return 0;
}

int again(int lfd)
{
	int fd;

	do
		fd = accept(lfd, NULL, NULL);
	while (fd == -1 && errno == EINTR);

	if (fd == -1)
		return -errno;
	return fd;
}
