#include <sys/socket.h>

#include "net.h"

int net_probe_idle(int sock)
{
	int yes = 1;

	return setsockopt(sock, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
}
