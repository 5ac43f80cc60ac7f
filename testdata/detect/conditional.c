/* #if alternatives, code of other platforms, code that is never compiled. */
#include <sys/socket.h>

static int alternatives(int lfd)
{
	int fd;

#ifdef HAVE_ACCEPT4
	fd = accept4(lfd, 0, 0, SOCK_CLOEXEC); /* want: missing maybe-tcp accepted */
#else
	fd = accept(lfd, 0, 0); /* want: missing maybe-tcp accepted */
#endif
	write(fd, "x", 1);
	return fd;
}

static int platforms(struct sockaddr *sa, socklen_t len)
{
	int fd;

#ifdef _WIN32
	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp norules */
#elif defined(__APPLE__)
	fd = socket(PF_INET, SOCK_STREAM, 0); /* want: exempt tcp */
#else
	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
#endif
#if 0
	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp */
	this is no C at all
#endif
#if defined(USE_KEEPALIVE) && defined(SO_KEEPALIVE)
	{
		int on = 1;

		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
#endif
	return connect(fd, sa, len);
}
