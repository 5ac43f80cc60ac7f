#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("Cannot create the socket.");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		perror("Cannot connect.");
		close(fd);
		return -1;
	}
	return fd;
}

int serve(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0) {
		perror("Error in accept()\n");
		return -1;
	}
	return fd;
}
