#include <sys/socket.h>
#include "net.h"

int main(int argc, char **argv)
{
	int fd = net_open(SOCK_DGRAM);

	net_tune(fd);
	return connect(fd, (struct sockaddr *)argv, argc);
}
