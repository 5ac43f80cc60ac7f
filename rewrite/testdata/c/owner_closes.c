/* A global descriptor is left to its owner by the sibling, and so by the block. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int sock = -1;

int reach(const struct sockaddr_in *to)
{
	int r, yes = 1;

	sock = socket(AF_INET, SOCK_STREAM, 0);
	if (sock < 0)
		return 0;
	r = setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(int));
	if (r != 0)
		return 0;
	return connect(sock, (const struct sockaddr *)to, sizeof(*to)) == 0;
}
