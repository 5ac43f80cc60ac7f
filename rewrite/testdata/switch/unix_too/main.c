#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include "net.h"

/* A server that listens wherever it is told to. */
static int listen_at(const char *path, struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_in *in = (struct sockaddr_in *)sa;
	struct sockaddr_un *un = (struct sockaddr_un *)sa;
	int family = path ? AF_UNIX : AF_INET;
	int fd;

	fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (path) {
		memset(un, 0, sizeof(*un));
		un->sun_family = AF_UNIX;
		snprintf(un->sun_path, sizeof(un->sun_path), "%s", path);
		unlink(path);
		*len = sizeof(*un);
	} else {
		memset(in, 0, sizeof(*in));
		in->sin_family = AF_INET;
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*len = sizeof(*in);
	}
	if (bind(fd, sa, *len) < 0 || listen(fd, 1) < 0 || getsockname(fd, sa, len) < 0) {
		perror("listen");
		exit(1);
	}
	return fd;
}

/* Tells what the first connection has. */
int main(int argc, char **argv)
{
	struct sockaddr_storage ss;
	const char *path = NULL;
	socklen_t len = sizeof(int);
	int c, lfd, fd;

	while ((c = getopt(argc, argv, "u")) != -1) {
		switch (c) {
		case 'u':
			path = "sock";
			break;
		default:
			fprintf(stderr, "usage: serve [-u]\n");
			exit(1);
		}
	}
	lfd = listen_at(path, (struct sockaddr *)&ss, &len);
	if (ask(&ss, len) < 0)
		return 1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		perror("accept");
		return 1;
	}
	report(fd);
	return 0;
}
