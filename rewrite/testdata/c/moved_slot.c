#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct pool {
	int fds[8];
	int n;
};

int take(struct pool *p, int lfd)
{
	p->fds[p->n] = accept(lfd, NULL, NULL);
	if (p->fds[p->n] == -1) {
		printf("accept failed with error %d\n", errno);
		return -1;
	} else {
		p->n++;
	}
	return 0;
}

int count_down(struct pool *p, int lfd)
{
	p->n++;
	p->fds[p->n] = accept(lfd, NULL, NULL);
	if (p->fds[p->n] == -1) {
		p->n--;
		return -1;
	}
	return 0;
}

int stepped(int *fds, int lfd, int n)
{
	fds[n] = accept(lfd, NULL, NULL);
	n++;
	if (fds[n - 1] < 0)
		return -1;
	return n;
}

int tried(int want, struct sockaddr_in *sa)
{
	int fd = want ? socket(AF_INET, SOCK_STREAM, 0) : -1;

	if (fd != -1 && connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int both(struct sockaddr_in *sa)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) != -1
	    && connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0)
		return fd;
	return -1;
}
