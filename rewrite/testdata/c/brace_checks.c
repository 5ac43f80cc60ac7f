#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* the checks of options have braces, ifs over other things have none */
static void options(int fd)
{
	int value = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)) == -1) {
		fprintf(stderr, "setsockopt: unable to set SO_REUSEADDR\n");
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) == -1) {
		fprintf(stderr, "setsockopt: unable to set TCP_NODELAY\n");
	}
}

int take(int l, int *count)
{
	int fd = accept(l, NULL, NULL);

	if (fd == -1) {
		switch (errno) {
		case EINTR:
			return 0;
		default:
			fprintf(stderr, "accept failed: %d\n", errno);
			return -1;
		}
	}
	if (count)
		++*count;
	if (*count > 10)
		*count = 10;
	if (*count < 0)
		*count = 0;
	return fd;
}

int open_it(int port)
{
	struct sockaddr_in sa = { AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l == -1)
		return -1;
	options(l);
	sa.sin_port = htons(port);
	if (bind(l, (struct sockaddr *)&sa, sizeof(sa)) == -1)
		return -1;
	return listen(l, 5) == 0 ? l : -1;
}
