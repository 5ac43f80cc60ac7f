#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include "log.h"

int call(struct sockaddr_in *to)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		Log(1, "socket: %s", strerror(errno));
		return -1;
	}
	if (connect(fd, (struct sockaddr *)to, sizeof *to) == -1) {
		Log(1, "connection failed: %s", strerror(errno));
		close(fd);
		return -1;
	}
	serve(fd);
	return 0;
}
