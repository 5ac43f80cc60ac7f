#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdlib.h>

struct conn *conn_new(int fd);
void conn_serve(struct conn *c);

/* Where both hold, accept() was called again; and the if behind the loop is about something else. */
void mainloop(int listenfd, unsigned max)
{
	struct conn *conns[64];
	unsigned count = 0;
	int fd, i;

	while (1) {
		while (count < max && (fd = accept(listenfd, NULL, NULL)) >= 0) {
			i = 1;
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &i, sizeof(i));
			conns[count++] = conn_new(fd);
		}
		if (count > max && errno != EWOULDBLOCK)
			exit(1);
		for (i = 0; i < (int)count; i++)
			conn_serve(conns[i]);
	}
}
