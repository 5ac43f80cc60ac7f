#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <netdb.h>
#include <sys/socket.h>

static int dial(void)
{
	struct addrinfo hints = { 0 }, *res;
	int fd;

	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo("localhost", "7", &hints, &res) != 0)
		return -1;
	fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol);
	if (fd < 0)
		return -1;
	if (connect(fd, res->ai_addr, res->ai_addrlen) < 0) {
		close(fd);
		return -1;
	}
	freeaddrinfo(res);
	return fd;
}

static int options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "q")) != -1) {
		switch (c) {
		case 'q':
			puts("quiet");
			break;
		default:
			exit(2);
		}
	}
	return optind;
}

int main(int argc, char **argv)
{
	int fd;

	fd = dial();
	if (options(argc, argv) < argc && fd >= 0)
		return write(fd, argv[1], 1) != 1;
	return 0;
}
