#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One peer too many is closed at once: what it has comes from the listener. */
int serve(struct sockaddr_in *sa)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	if (bind(lfd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(lfd, 5) < 0)
		return -1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		fd = accept(lfd, NULL, NULL);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}
