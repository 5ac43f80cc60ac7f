#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

extern void report(const char *fmt, ...);
extern const char *sock_strerror(int e);
extern int sock_errno(void);

/* The file's way, and its option. */
int listen_at(struct sockaddr_in *sa)
{
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		report("socket: %.40s", sock_strerror(sock_errno()));
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		report("setsockopt SO_REUSEADDR: %.40s", sock_strerror(sock_errno()));
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		report("bind: %.40s", sock_strerror(sock_errno()));
	if (listen(fd, 5) < 0)
		report("listen: %.40s", sock_strerror(sock_errno()));
	return fd;
}

/* This function tells errno itself, and how much of it. */
int take(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0) {
		report("accept: %s", strerror(errno));
		return -1;
	}
	return fd;
}

/* And here all begins with the name of the check. */
int probe(const struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		report("PORT_CHECK no socket. Trying again.");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) < 0) {
		report("PORT_CHECK nobody there.");
		close(fd);
		return -1;
	}
	if (write(fd, "", 1) < 0)
		report("PORT_CHECK no answer.");
	return fd;
}
