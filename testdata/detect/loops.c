/* Programs around select(), poll() and epoll. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define MAX 64

struct client {
	int fd;
	struct client *next;
};

static struct client *clients;
static struct pollfd pfds[MAX];

static void add(int fd)
{
	struct client *c = malloc(sizeof(*c));
	int on = 1;

	c->fd = fd;
	c->next = clients;
	clients = c;
	setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int listener(SA *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	if (bind(fd, sa, len) < 0 || listen(fd, 10) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void by_poll(int lfd)
{
	int i, fd;

	pfds[0].fd = lfd;
	pfds[0].events = POLLIN;
	for (;;) {
		poll(pfds, MAX, -1);
		if (pfds[0].revents) {
			fd = accept(pfds[0].fd, NULL, NULL); /* want: missing accepted */
			pfds[1].fd = fd;
		}
		for (i = 1; i < MAX; i++)
			write(pfds[i].fd, "x", 1);
	}
}

static void by_select(int lfd)
{
	fd_set set;
	int fd;

	FD_ZERO(&set);
	FD_SET(lfd, &set);
	select(lfd + 1, &set, NULL, NULL, NULL);
	if (FD_ISSET(lfd, &set) && (fd = accept(lfd, NULL, NULL)) >= 0) /* want: covered tcp accepted set */
		add(fd);
}

static void by_epoll(int ep, int lfd)
{
	struct epoll_event ev;

	epoll_wait(ep, &ev, 1, -1);
	if (ev.data.fd == lfd) {
		int fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK); /* want: missing tcp accepted */

		ev.data.fd = fd;
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	}
}

int main(int argc, char **argv)
{
	int lfd = listener((SA *)argv, argc);

	by_poll(lfd);
	by_select(lfd);
	by_epoll(argc, lfd);
	return 0;
}
