/* A macro around the report makes the reason for it. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WITH_REASON(LOG) do { char *reason_str = strerror(errno); LOG; errno = 0; } while (0)
#define log_warning(...) fprintf(stderr, __VA_ARGS__)

int dial(const struct sockaddr_in *sin, const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		WITH_REASON(log_warning("TCP\t| Could not create a socket to %s (%s)\n", name, reason_str));
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		WITH_REASON(
			log_warning("TCP\t| Could not connect to %s (%s)\n",
				    name, reason_str));
		close(fd);
		return -1;
	}
	return fd;
}

int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0) {
		WITH_REASON(log_warning("TCP %u\t| Error %s, waiting for the next\n", (unsigned)lfd, reason_str));
		return -1;
	}
	return fd;
}

/* Nothing makes a reason here. */
int take_one(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0) {
		log_warning("TCP %u\t| Nobody came\n", (unsigned)lfd);
		return -1;
	}
	close(lfd);
	return fd;
}
