#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int debug;
#define DEBUG(level) if (debug >= (level))

int dial(struct sockaddr_in *sa)
{
	int fd, res;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd == -1) {
		DEBUG(2)
			fprintf(stderr, "dial: failed to create socket: %s\n", strerror(errno));
		return -1;
	}
	res = setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &debug, sizeof(debug));
	if (res == 0)
		printf("out-of-band data goes inline\n");
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa));
}
