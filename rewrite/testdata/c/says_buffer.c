/* A log macro that needs a buffer for the reason shows it, and keeps nothing. One
 * error branch of many has nothing behind its message: that is no end of the program. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#define ERR_LOG(err, errorbuf, format) \
	do { \
		(void)snprintf((errorbuf), sizeof(errorbuf), "error %d", (err)); \
		syslog(LOG_ERR, format ": %s", (errorbuf)); \
	} while (0)

void lib_err(const char *what);

int serve(int lfd)
{
	char errorbuf[80];
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		ERR_LOG(errno, errorbuf, "accept()");
		return -1;
	}
	return fd;
}

int reach(const struct addrinfo *ai)
{
	int fd;

	if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0)
		lib_err("cannot create the socket");
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		lib_err("cannot connect");
		close(fd);
		return -1;
	}
	return fd;
}

int again(const struct addrinfo *ai)
{
	int fd;

	if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0) {
		lib_err("cannot create the socket");
		return -1;
	}
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		lib_err("cannot connect");
		close(fd);
		return -1;
	}
	return fd;
}
