#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int dial(struct sockaddr_in *sa, int type)
{
	int fd = socket(AF_INET, type, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(void)
{
	struct sockaddr_in sa;

	memset(&sa, 0, sizeof(sa));
	return dial(&sa, SOCK_STREAM) < 0 || dial(&sa, SOCK_DGRAM) < 0;
}
