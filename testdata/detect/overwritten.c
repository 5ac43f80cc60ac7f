/* Members and globals that get another descriptor before they are read. */
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct conn {
	int fd;
	struct conn *next;
};

static struct conn *list;
static int on = 1, ctrl = -1, late = -1;

static void remember(struct conn *c)
{
	c->next = list;
	list = c;
}

/* Own function: what is set here is the descriptor made here. */
static int connect_kept(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	if (c->fd < 0)
		return -1;
	setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(c->fd, (struct sockaddr *)sa, sizeof(*sa));
}

static int connect_bare(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	if (c->fd < 0)
		return -1;
	return connect(c->fd, (struct sockaddr *)sa, sizeof(*sa));
}

/* A helper whose only caller made the descriptor itself. */
static void tune(struct conn *c)
{
	setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int connect_tuned(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	tune(c);
	return connect(c->fd, (struct sockaddr *)sa, sizeof(*sa));
}

static void take(int lfd)
{
	struct conn *c = calloc(1, sizeof(*c));

	c->fd = accept(lfd, NULL, NULL); /* want: missing tcp accepted */
	remember(c);
}

/* The same with a variable of the file. */
static int control_kept(struct sockaddr_in *sa)
{
	ctrl = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	setsockopt(ctrl, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(ctrl, (struct sockaddr *)sa, sizeof(*sa));
}

static int control_bare(struct sockaddr_in *sa)
{
	ctrl = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(ctrl, (struct sockaddr *)sa, sizeof(*sa));
}

/* Set behind the call that stores it, whatever was there before. */
static int open_late(struct sockaddr_in *sa)
{
	late = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	return connect(late, (struct sockaddr *)sa, sizeof(*sa));
}

static void start_late(struct sockaddr_in *sa)
{
	late = -1;
	open_late(sa);
	setsockopt(late, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int main(int argc, char **argv)
{
	struct sockaddr_in sa = { AF_INET };
	struct conn *c = calloc(3, sizeof(*c));
	int lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	bind(lfd, (struct sockaddr *)&sa, sizeof(sa));
	listen(lfd, 1);
	connect_kept(c, &sa);
	connect_bare(c + 1, &sa);
	connect_tuned(c + 2, &sa);
	remember(c);
	take(lfd);
	if (argc > 1)
		control_kept(&sa);
	else
		control_bare(&sa);
	start_late(&sa);
	write(ctrl, argv[0], 1);
	return list->fd;
}
