#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DRIVER_NAME "girs"

void logError(const char *format, ...);

int dial(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		logError("file: "__FILE__", line: %d, " \
			"socket failed, errno: %d, error info: %s", \
			__LINE__, errno, strerror(errno));
		return -1;
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		logError("file: "__FILE__", line: %d, " \
			"connect failed, errno: %d, error info: %s", \
			__LINE__, errno, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

int serve(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0) {
		fprintf(stderr, DRIVER_NAME ": accept: %s\n", strerror(errno));
		return -1;
	}
	return fd;
}

int serve_another(int listener, const char *host)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0) {
		perror(DRIVER_NAME ": cannot accept");
		return -1;
	}
	return fd;
}
