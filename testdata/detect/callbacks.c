/* Descriptors that reach their users through event loops and pointers. */
#include <sys/socket.h>
#include <event2/event.h>

struct ops {
	int (*open)(int family);
	int (*tune)(int fd);
	void (*drop)(int fd);
};

static int on = 1;

static void readable(int fd, short what, void *arg)
{
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void registered(struct event_base *base, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	connect(fd, sa, len);
	event_new(base, fd, EV_READ, readable, NULL);
}

static void idle(int fd, short what, void *arg)
{
	char c;

	read(fd, &c, 1);
}

static void registered_plain(struct event_base *base, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	connect(fd, sa, len);
	event_new(base, fd, EV_READ, idle, NULL);
}

static int tcp_open(int family)
{
	return socket(family, SOCK_STREAM, 0); /* want: covered tcp client set */
}

static int tcp_tune(int fd)
{
	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int local_open(int family)
{
	return socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp */
}

static const struct ops tcp_ops = { tcp_open, tcp_tune, 0 };
static const struct ops local_ops = { .open = local_open };

static int through(const struct ops *ops, struct sockaddr *sa, socklen_t len)
{
	int fd = ops->open(AF_INET);

	if (ops->tune)
		ops->tune(fd);
	return connect(fd, sa, len);
}

static void incoming(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static void serve(int lfd, void (*handler)(int))
{
	int fd;

	while ((fd = accept(lfd, 0, 0)) >= 0) /* want: covered tcp accepted set */
		handler(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	int lfd;

	registered((struct event_base *)argv, sa, 1);
	registered_plain((struct event_base *)argv, sa, 1);
	through(&tcp_ops, sa, 1);
	through(&local_ops, sa, 1);
	lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */
	bind(lfd, sa, 1);
	listen(lfd, 5);
	serve(lfd, incoming);
	return 0;
}
