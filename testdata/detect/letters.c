/* Options by a letter, setters in arrays, and a choice in an expression. */
#include <stdlib.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

static int by_letter(int fd, int letter, int val)
{
	switch (letter) {
	case 'k':
		return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, sizeof(val));
	case '\n':
		return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &val, sizeof(val));
	}
	return -1;
}

int plain(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	by_letter(fd, '\n', 1);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

int kept(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	by_letter(fd, 'k', 1);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

static int nodelay(int fd)
{
	int on = 1;
	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int probing(int fd)
{
	int on = 1;
	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

typedef int (*tuner)(int);

static const tuner outgoing[] = { nodelay, probing, NULL };
static const tuner incoming[] = { nodelay, NULL };

static void tune(int fd, const tuner *list)
{
	int i;

	for (i = 0; list[i]; i++)
		list[i](fd);
}

int dial(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	tune(fd, outgoing);
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}

int serve(struct sockaddr_in *sin)
{
	int c, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	c = accept(fd, NULL, NULL); /* want: missing tcp accepted */
	tune(c, incoming);
	return c;
}

int chosen(struct sockaddr_in *sin)
{
	int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	getenv("PROBES") ? 0 : 1;
	sin->sin_port == htons(80) ? 0 : setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin));
}
