#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LD_FS, LD_NET, LD_BUG };
void log_warn(int domain, const char *format, ...);

int dial(struct sockaddr_in *sa, const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		log_warn(LD_FS, "Couldn't open %s: %s", name, strerror(errno));
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		log_warn(LD_NET, "Couldn't connect to %s: %s", name, strerror(errno));
		return -1;
	}
	return fd;
}
