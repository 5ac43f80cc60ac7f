#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "net.h"

struct watched {
	int fd;
	struct watched *next;
};

static struct watched *all;

static struct watched *find(int fd)
{
	struct watched *w;

	for (w = all; w != NULL; w = w->next)
		if (w->fd == fd)
			return w;
	return NULL;
}

int net_open(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		complain("socket", NULL);
		return -1;
	}
	net_watch(&fd);
	return fd;
}

void net_live(int fd)
{
	struct watched *w;
	int yes = 1;

	if ((w = find(fd)) == NULL) {
		complain("net_live", "not watched");
		return;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes)))
		complain("setsockopt", "SO_KEEPALIVE");
}

void net_watch(int *fd)
{
	struct watched *w = malloc(sizeof(*w));

	if (w == NULL) {
		close(*fd);
		*fd = -1;
		return;
	}
	memset(w, 0, sizeof(*w));
	w->fd = *fd;
	w->next = all;
	all = w;
}
