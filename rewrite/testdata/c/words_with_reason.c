#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void report(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
}

/* The file says of an option why it could not be set, as the message about accept() does not. */
int hub_listen(struct sockaddr_in *sa)
{
	int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		report("Failed to create a socket.");
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1)
		report("Failed to set socket to reuse address. (%d)", errno);
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1 || listen(fd, 5) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

int hub_take(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd == -1)
		report("Accepting new client failed.");
	else
		report("New client on %d.", fd);
	return fd;
}
