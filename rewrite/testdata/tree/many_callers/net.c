#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

int net_socket(int type)
{
	return socket(AF_INET, type, 0);
}

int dial(const struct sockaddr_in *to)
{
	int fd = net_socket(SOCK_STREAM);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int dial2(const struct sockaddr_in *to)
{
	int fd;

	fd = net_socket(SOCK_STREAM);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int dial3(const struct sockaddr_in *to)
{
	int fd;

	fd = net_socket(SOCK_STREAM);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int ask(const struct sockaddr_in *to, const char *q)
{
	int fd = net_socket(SOCK_DGRAM);

	if (fd < 0)
		return -1;
	sendto(fd, q, strlen(q), 0, (const struct sockaddr *)to, sizeof(*to));
	return fd;
}

int port(const struct sockaddr_in *me)
{
	int fd = net_socket(SOCK_STREAM);
	int c;

	if (fd < 0 || bind(fd, (const struct sockaddr *)me, sizeof(*me)) < 0 || listen(fd, 5) < 0)
		return -1;
	while ((c = accept(fd, NULL, NULL)) >= 0) {
		write(c, "x", 1);
		close(c);
	}
	return fd;
}
