/* What has the name of a call and is none. */
#include <sys/socket.h>
#include "nocalls.h"

extern int socket(int domain, int type, int protocol);
int accept(int fd, struct sockaddr *sa, socklen_t *len);

struct vtable {
	int (*socket)(int, int, int);
	int (*accept)(int, struct sockaddr *, socklen_t *);
};

static const struct vtable system_calls = { .socket = socket, .accept = accept };

/* socket(AF_INET, SOCK_STREAM, 0) in a comment */
static const char *text = "socket(AF_INET, SOCK_STREAM, 0)";

enum state { none, socket_open };

int by_vtable(struct vtable *v, struct sockaddr *sa, socklen_t len)
{
	int fd = v->socket(AF_INET, SOCK_STREAM, 0);
	int (*accept4)(int) = 0;

	accept4(fd);
	fd = (socket)(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}
