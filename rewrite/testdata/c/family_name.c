#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct link { int fd, protocol; };

/* Messages name the object that a function belongs to, by the first part of the function's name;
 * and what is for TCP alone has its place in the branch for it. */
int sender_open(struct link *l, const struct sockaddr_in *to)
{
	int on = 1;
	int fd = socket(AF_INET, l->protocol, 0);

	if (fd < 0) {
		puts("sender: socket failed");
		return -1;
	}
	/* for stream sockets, specify "nodelay" */
	if (l->protocol == SOCK_STREAM) {
		if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
			puts("sender: setsockopt (TCP_NODELAY) failed");
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		puts("sender: connect failed");
		close(fd);
		return -1;
	}
	return fd;
}

void receiver_poll(struct link *l)
{
	int fd = accept(l->fd, NULL, NULL);

	if (fd < 0) {
		puts("receiver: accept failed");
	} else {
		close(l->fd);
		l->fd = fd;
	}
}
