#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct pair { int cmd, evt; };

static int nonblock(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* the messages about either socket say which */
int join(struct pair *p, struct sockaddr_in *to)
{
	int cmdfd = p->cmd = socket(PF_INET, SOCK_STREAM, 0);
	if (cmdfd == -1) {
		perror("socket cmd");
		return -1;
	}
	if (nonblock(cmdfd) == -1) {
		perror("cmdfd set nonblocking");
		close(cmdfd);
		return -1;
	}
	int evtfd = p->evt = socket(PF_INET, SOCK_STREAM, 0);
	if (evtfd == -1) {
		perror("socket evt");
		close(cmdfd);
		return -1;
	}
	if (nonblock(evtfd) == -1) {
		perror("evtfd set nonblocking");
		close(cmdfd);
		close(evtfd);
		return -1;
	}
	if (connect(cmdfd, (struct sockaddr *)to, sizeof(*to)) == -1)
		perror("connect cmd");
	if (connect(evtfd, (struct sockaddr *)to, sizeof(*to)) == -1)
		perror("connect evt");
	return 0;
}

int talk(struct sockaddr_in *to)
{
	char c = 0;
	int up, down;

	if ((up = socket(PF_INET, SOCK_STREAM, 0)) == -1) {
		perror("up: socket");
		return -1;
	}
	if (connect(up, (struct sockaddr *)to, sizeof(*to)) == -1) {
		perror("up: connect");
		return -1;
	}
	if ((down = socket(PF_INET, SOCK_STREAM, 0)) == -1) {
		perror("down: socket");
		return -1;
	}
	if (connect(down, (struct sockaddr *)to, sizeof(*to)) == -1) {
		perror("down: connect");
		return -1;
	}
	while (read(up, &c, 1) == 1 && write(down, &c, 1) == 1)
		;
	return 0;
}
