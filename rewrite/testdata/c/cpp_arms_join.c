/* Each arm makes the socket in its own way: one block behind the #endif where they
 * come together with the descriptor alone, else one in each. */
#define _GNU_SOURCE
#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void serve(int fd);

static int cloexec(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int open_stream(int domain, int type, int *why)
{
	int fd;

#if defined SOCK_CLOEXEC
	if (-1 == (fd = socket(domain, type|SOCK_CLOEXEC, 0)))
		goto syerr;
#else
	if (-1 == (fd = socket(domain, type, 0)))
		goto syerr;
#endif

	return fd;
syerr:
	*why = errno;

	return -1;
}

int take(int lfd, int *why)
{
	int fd;

#if HAVE_ACCEPT4 && defined SOCK_CLOEXEC
	if (-1 == (fd = accept4(lfd, NULL, NULL, SOCK_CLOEXEC)))
		goto syerr;
#elif HAVE_PACCEPT && defined SOCK_CLOEXEC
	if (-1 == (fd = paccept(lfd, NULL, NULL, NULL, SOCK_CLOEXEC)))
		goto syerr;
#else
	if (-1 == (fd = accept(lfd, NULL, NULL)))
		goto syerr;
	if (cloexec(fd) == -1)
		goto syerr;
#endif

	serve(fd);
	return fd;
syerr:
	*why = errno;

	return -1;
}

int dial(struct sockaddr *sa, socklen_t len)
{
	int fd;

#ifdef SOCK_CLOEXEC
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0) {
		close(fd);
		return -1;
	}
#else
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0 || cloexec(fd) < 0) {
		close(fd);
		return -1;
	}
#endif
	serve(fd);
	return fd;
}

int client(struct sockaddr *sa, socklen_t len, int type)
{
	int why, fd = open_stream(sa->sa_family, type, &why);

	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0) {
		close(fd);
		return -1;
	}
	serve(fd);
	return fd;
}

int stream_client(struct sockaddr *sa, socklen_t len)
{
	return client(sa, len, SOCK_STREAM);
}
