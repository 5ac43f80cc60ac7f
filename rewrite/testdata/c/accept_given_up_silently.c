#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct peer {
	int fd;
	int port;
	char name[64];
};

/* Nothing here says what failed, and the other option gives the peer up: so does this one.
   That a member was set in between does not matter to what frees the object. */
struct peer *take(int lfd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int on;
	struct peer *p = malloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	memset(p, 0, sizeof(*p));

	if ((p->fd = accept(lfd, (struct sockaddr *)&from, &len)) == -1) {
		free(p);
		return NULL;
	}

	p->port = ntohs(from.sin_port);

	on = 1;
	if (setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1) {
		shutdown(p->fd, SHUT_RDWR);
		close(p->fd);
		free(p);
		return NULL;
	}
	return p;
}

int main(void)
{
	struct sockaddr_in me = { 0 };
	int lfd = socket(AF_INET, SOCK_STREAM, 0);
	struct peer *p;

	me.sin_family = AF_INET;
	if (lfd < 0 || bind(lfd, (struct sockaddr *)&me, sizeof(me)) < 0 || listen(lfd, 5) < 0)
		return 1;
	while ((p = take(lfd)) != NULL) {
		if (write(p->fd, "hello\n", 6) < 0)
			break;
	}
	return 0;
}
