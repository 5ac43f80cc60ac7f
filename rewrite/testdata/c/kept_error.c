#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct conn {
	int fd;
	char text[80];
};

static void complain(struct conn *c, const char *what)
{
	snprintf(c->text, sizeof(c->text), "%s: %s", what, strerror(errno));
}

static void tell(struct conn *c, const char *what)
{
	complain(c, what);
	fprintf(stderr, "%s\n", c->text);
}

int dial(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0) {
		complain(c, "socket");
		return -1;
	}
	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		complain(c, "connect");
		close(c->fd);
		return -1;
	}
	return 0;
}

int dial_loudly(struct conn *c, struct sockaddr_in *sa)
{
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0) {
		tell(c, "socket");
		return -1;
	}
	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		tell(c, "connect");
		close(c->fd);
		return -1;
	}
	return 0;
}

void ERR_add_data(int num, ...);
#define ERR_add_error_data ERR_add_data
void PyErr_SetString(void *kind, const char *text);

int stacked(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		ERR_add_error_data(2, "call=", "socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : fd;
}

int interpreted(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		PyErr_SetString(NULL, "cannot make a socket");
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 ? -1 : fd;
}
