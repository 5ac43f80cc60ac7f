#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int udp_open(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), opt = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *) &opt, sizeof(opt)) < 0) {
		perror("setsockopt (SOL_SOCKET, SO_REUSEADDR)");
		return -1;
	}
	return fd;
}
