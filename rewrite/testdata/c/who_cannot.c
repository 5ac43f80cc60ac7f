#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void print_error(const char *format, ...);

int open_programmer(struct sockaddr_in *sa)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0) {
		print_error("Error: serprog cannot open socket: %s\n", strerror(errno));
		return -1;
	}
	if (connect(sock, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(sock);
		print_error("Error: serprog cannot connect: %s\n", strerror(errno));
		return -1;
	}
	return sock;
}

struct output {
	int sockfd;
	const char *address, *port;
};

int reconnect(struct output *self, struct sockaddr_in *sa)
{
	static struct timeval const timeout = { .tv_sec = 5 };

	self->sockfd = socket(AF_INET, SOCK_STREAM, 0);
	if (self->sockfd == -1)
		return -1;
	if (setsockopt(self->sockfd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0) {
		fprintf(stderr, "output_tcp(%s:%s): could not set timeout on socket: %s\n",
				self->address, self->port, strerror(errno));
	}
	return connect(self->sockfd, (struct sockaddr *)sa, sizeof(*sa));
}

int passive(struct sockaddr_in *sa)
{
	int sock = socket(AF_INET, SOCK_STREAM, 0);

	if (sock < 0) {
		print_error("Socket could not be created: %s\n", strerror(errno));
		return -1;
	}
	return connect(sock, (struct sockaddr *)sa, sizeof(*sa));
}

int serious(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0) {
		print_error("Serious error during accept: %s\n", strerror(errno));
		return -1;
	}
	return fd;
}
