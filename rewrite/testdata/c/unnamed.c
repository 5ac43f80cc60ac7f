#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int serve(struct sockaddr_in *sa)
{
	int fd, on = 1;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		perror("server: socket");
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1) {
		perror("setsockopt");
		exit(1);
	}
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1 || listen(fd, 5) == -1)
		return -1;
	return accept(fd, NULL, NULL);
}

int dial(struct sockaddr_in *sa)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		perror("client: socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		close(fd);
		perror("client: connect");
		return -1;
	}
	return fd;
}
