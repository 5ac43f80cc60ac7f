#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOG_FS 1
#define LOG_NET 2
#define PRIO_ERROR 3
#define PRIO_WARNING 4
#define SOCKET_OK(s) ((s) >= 0)

extern void say(int prio, int domain, const char *fmt, ...);
extern const char *sock_strerror(int e);
extern int sock_error(int fd);

int listener(struct sockaddr_in *sa)
{
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (!SOCKET_OK(fd)) {
		say(PRIO_ERROR, LOG_NET, "no socket: %s\n", sock_strerror(errno));
		return -1;
	}
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		say(PRIO_ERROR, LOG_NET, "bind: %s\n", sock_strerror(sock_error(fd)));
		return -1;
	}
	if (listen(fd, one) < 0) {
		say(PRIO_WARNING, LOG_NET, "listen failed: %s\n", sock_strerror(sock_error(fd)));
		return -1;
	}
	return fd;
}

int next_client(int lfd)
{
	int c = accept(lfd, NULL, NULL);

	if (!SOCKET_OK(c))
		return -1;
	if (fcntl(c, F_SETFD, FD_CLOEXEC) < 0) {
		say(PRIO_ERROR, LOG_FS, "Couldn't set FD_CLOEXEC: %s", strerror(errno));
		close(c);
		return -1;
	}
	return c;
}

int early_client(int lfd)
{
	int c;

	c = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
	if (SOCKET_OK(c))
		return c;
	return next_client(lfd);
}
