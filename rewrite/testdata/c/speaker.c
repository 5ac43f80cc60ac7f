#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int init_socket(int port)
{
	struct sockaddr_in sa = { AF_INET };
	int x = 1;
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		perror("Init_socket: socket");
		exit(1);
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &x, sizeof(x)) < 0) {
		perror("Init_socket: SO_REUSEADDR");
		exit(1);
	}
	sa.sin_port = htons(port);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 3) < 0)
		exit(1);
	return fd;
}

int new_peer(int control)
{
	int fd;

	if ((fd = accept(control, NULL, NULL)) < 0) {
		perror("New_peer: accept");
		return -1;
	}
	return fd;
}
