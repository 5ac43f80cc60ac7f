#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The address of the value is printed, and still nothing changes it. */
int wait_for_one(struct sockaddr_in *name)
{
	int yes = 1;
	int l, fd;

	if ((l = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		fprintf(stderr, "socket(): %s\n", strerror(errno));
		return -1;
	}
	if (setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1) {
		fprintf(stderr, "setsockopt(%d, SOL_SOCKET, SO_REUSEADDR, %lx, %d): %s\n",
			l, (unsigned long) &yes, (int) sizeof(yes), strerror(errno));
		return -1;
	}
	if (bind(l, (struct sockaddr *) name, sizeof(*name)) == -1 || listen(l, 1) == -1) {
		fprintf(stderr, "bind(): %s\n", strerror(errno));
		return -1;
	}
	if ((fd = accept(l, NULL, NULL)) == -1) {
		fprintf(stderr, "accept(): %s\n", strerror(errno));
		return -1;
	}
	close(l);
	return fd;
}
