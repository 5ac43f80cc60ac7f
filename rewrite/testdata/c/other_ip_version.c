#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

void serve(int fd);

static int open_v6(int port)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6, .sin6_port = port };
	int on = 1, fd = socket(AF_INET6, SOCK_STREAM, 0);

	if (fd == -1) {
		perror("error creating ipv6 socket");
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		perror("error setting SO_REUSEADDR ipv6 socket option");
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1 || listen(fd, 5) == -1) {
		perror("error listening on ipv6 socket");
		close(fd);
		return -1;
	}
	return fd;
}

static int open_v4(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = port };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		perror("error creating socket");
		return -1;
	}
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1 || listen(fd, 5) == -1) {
		perror("error listening on socket");
		close(fd);
		return -1;
	}
	return fd;
}

int run(int port, int (*ready)(int, int))
{
	int six = open_v6(port), four = open_v4(port), fd;

	while (ready(six, four) != -1) {
		if (ready(six, four) == four) {
			fd = accept(four, NULL, NULL);
			if (fd == -1) {
				perror("accepting error");
				continue;
			}
		} else {
			fd = accept(six, NULL, NULL);
			if (fd == -1) {
				perror("ipv6 accepting error");
				continue;
			}
		}
		serve(fd);
	}
	return 0;
}
