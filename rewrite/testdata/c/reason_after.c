#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int ask(struct sockaddr_in *at)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		fprintf(stderr, "unable to open a socket\n");
		perror("socket");
		return -1;
	}

	if (connect(fd, (struct sockaddr *)at, sizeof(*at)) < 0) {
		fprintf(stderr, "unable to reach the server\n");
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}
