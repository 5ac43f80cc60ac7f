/* What only makes a text tells nobody, whatever its name is spelled like. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ASPRINTF(to, ...) do { if (asprintf(to, __VA_ARGS__) == -1) exit(1); } while (0)

static void print_free(char *text)
{
	fprintf(stderr, "%s\n", text);
	free(text);
}

int next(int lfd)
{
	char *log = NULL;
	int fd = accept(lfd, NULL, NULL);

	if (fd == -1) {
		ASPRINTF(&log, "error to accept, errno = %d", errno);
		print_free(log);
		return -1;
	}
	if (write(fd, "x", 1) < 0) {
		ASPRINTF(&log, "cannot write to %d: %s", fd, strerror(errno));
		print_free(log);
	}
	return fd;
}
