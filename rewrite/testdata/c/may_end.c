/* The program's own error() ends it, unless it is told to come back. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RET 1

int error(int flags, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (flags & RET)
		return 0;
	exit(1);
}

int reach(const struct sockaddr_in *to)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		error(0, "socket failed");
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		error(0, "connect failed");
	return fd;
}
