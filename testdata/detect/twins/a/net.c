#include <sys/socket.h>
#include "net.h"

int net_open(int type)
{
	return socket(AF_INET, type, 0); /* want: covered tcp client set */
}

void net_tune(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}
