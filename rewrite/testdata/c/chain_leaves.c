#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct conn {
	int fd;
};

/* The arms of the chain leave: what comes behind it has a descriptor. */
struct conn *next_conn(int listener)
{
	struct conn *c;
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return NULL;
	else if (fd < 0)
		exit(1);

	c = malloc(sizeof(*c));
	if (c != NULL)
		c->fd = fd;
	return c;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	return next_conn(l) == NULL;
}
