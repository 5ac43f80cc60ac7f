#ifdef _WIN32
#include <winsock2.h>
#else
#include <netinet/in.h>
#include <sys/socket.h>
#endif
#include "net_win.h"

int dial(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	return fd == -1 ? -1 : connect(fd, (struct sockaddr *)&sin, sizeof(sin));
}
