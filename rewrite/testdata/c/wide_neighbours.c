#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define NOTE(level, text) do { if ((level) < 3) fputs(text, stderr); } while (0)

int answer(int fd, char *buf, size_t len);

int take(int lfd, struct sockaddr_in *who, socklen_t *len)
{
	char buf[1000];
	struct timeval patience = { .tv_sec = 1, .tv_usec = 0 };
	int on = 1;
	int fd = accept(lfd, (struct sockaddr *)who, len);

	if (fd < 0)
		return -1;
	if (lfd > 2) {
		if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0) {
			NOTE(1, "cannot set a timeout\n");
		}
	}
	on = answer(fd, buf, sizeof buf);
	close(fd);
	return on;
}
