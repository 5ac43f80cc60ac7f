/* Keepalive through helpers, members, tables and options. */
#include <sys/socket.h>
#include "setters.h"

struct conn {
	int fd;
	int other;
};

static struct config {
	int keepalive;
} config;

static int helper(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	set_keepalive(fd, 1);
	return connect(fd, sa, len);
}

static int helper_off(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set_keepalive(fd, 0);
	return connect(fd, sa, len);
}

static int member(struct conn *c, struct sockaddr *sa, socklen_t len)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	set_keepalive(c->fd, 1);
	return connect(c->fd, sa, len);
}

static int other_member(struct conn *c, struct sockaddr *sa, socklen_t len)
{
	c->other = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(c->other, sa, len);
}

static int from_table(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	set_options(fd);
	return connect(fd, sa, len);
}

static int make(void)
{
	return socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
}

static int in_caller(struct sockaddr *sa, socklen_t len)
{
	int fd = make();

	set_keepalive(fd, 1);
	return connect(fd, sa, len);
}

static int by_option(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (config.keepalive)
		set_keepalive(fd, 1);
	return connect(fd, sa, len);
}

static int by_value(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &config.keepalive, sizeof(int));
	return connect(fd, sa, len);
}

static int numbers(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	struct conn c;

	config.keepalive = argc > 1;
	helper(sa, 1);
	helper_off(sa, 1);
	member(&c, sa, 1);
	other_member(&c, sa, 1);
	from_table(sa, 1);
	in_caller(sa, 1);
	by_option(sa, 1);
	by_value(sa, 1);
	return numbers(sa, 1);
}
