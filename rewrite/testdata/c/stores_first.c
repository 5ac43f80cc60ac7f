#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

struct conn {
	int fd;
	int state;
};

void conn_free(struct conn *c);

/* The next option gives the object up, which has to be as it expects. */
struct conn *conn_new(struct sockaddr_in *sa)
{
	int on = 1;
	struct conn *c = malloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0) {
		free(c);
		return NULL;
	}
	c->state = 0;
	if (setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
		conn_free(c);
		return NULL;
	}
	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		conn_free(c);
		return NULL;
	}
	return c;
}
