#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "log.h"

static const char CAST[] = "Cast";

int cast_open(const struct sockaddr_in *to)
{
	int yes = 1;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0) {
		log_of(LV_ERROR, CAST, "socket() failed (%d: %s)\n", errno, strerror(errno));
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes)) < 0)
		log_of(LV_ERROR, CAST, "setsockopt(SO_BROADCAST) failed (%d: %s)\n", errno, strerror(errno));
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		log_of(LV_ERROR, CAST, "connect() failed (%d: %s)\n", errno, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
