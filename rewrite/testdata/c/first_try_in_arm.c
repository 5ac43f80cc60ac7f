#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netdb.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Only some builds make the first try, and all have the test behind both. */
int reach(const char *host, const char *port)
{
	struct addrinfo ask, *res = NULL;
	int fd = -1;

	memset(&ask, 0, sizeof(ask));
	ask.ai_socktype = SOCK_STREAM;
#ifdef PF_INET6
	ask.ai_family = PF_INET6;
	if (getaddrinfo(host, port, &ask, &res) == 0) {
		fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol);
		if (fd == -1) {
			freeaddrinfo(res);
			res = NULL;
		}
	}
#endif
	if (fd == -1) {
		ask.ai_family = PF_INET;
		if (getaddrinfo(host, port, &ask, &res) == 0) {
			fd = socket(res->ai_family, res->ai_socktype, res->ai_protocol);
			if (fd == -1)
				fprintf(stderr, "socket: error %d, %s\n", errno, strerror(errno));
		}
	}
	if (fd != -1) {
		if (connect(fd, res->ai_addr, res->ai_addrlen) == -1) {
			fprintf(stderr, "connect: error %d, %s\n", errno, strerror(errno));
			close(fd);
			fd = -1;
		}
	}
	if (res != NULL)
		freeaddrinfo(res);
	return fd;
}
