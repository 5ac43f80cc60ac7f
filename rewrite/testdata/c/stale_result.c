#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int log_error_errno(int error, const char *fmt, ...);
int log_debug_errno(int error, const char *fmt, ...);

static int prepare(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

int dial(struct sockaddr_in *sa)
{
	int fd, r;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;

	r = prepare(fd);
	if (r < 0)
		log_debug_errno(r, "Failed to prepare socket: %m");

	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int take(int lfd)
{
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return log_error_errno(errno, "Failed to accept: %m");
	return fd;
}
