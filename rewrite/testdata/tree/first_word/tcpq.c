#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* All messages of the function begin with its name for itself. */
int tcpq_dial(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("my_tcpq socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		perror("my_tcpq connect");
		close(fd);
		return -1;
	}
	return fd;
}
