#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

#define _(s) (s)

int dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		printf("[%s]\n", _("Error creating socket"));
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		printf("[%s]\n", _("Error connecting"));
		close(fd);
		return -1;
	}
	return fd;
}
