/* Nearly every option call stands under an #if for systems without setsockopt(): so do
 * new ones, with what they declare. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#if USE_TLS
# include <stdlib.h>
#endif

int listening(const struct addrinfo *ai)
{
    int fd;
#if HAVE_SETSOCKOPT
    int one = 1;
#endif

    if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0)
	return -1;
#if HAVE_SETSOCKOPT
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *)&one, sizeof(one)) < 0) {
	fprintf(stderr, "setsockopt(SO_REUSEADDR): %s\n", strerror(errno));
	close(fd);
	return -1;
    }
#endif
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, 5) < 0)
	return -1;
    return fd;
}

int serve(int lfd)
{
    int fd;

    if ((fd = accept(lfd, NULL, NULL)) < 0) {
	fprintf(stderr, "accept: %s\n", strerror(errno));
	return -1;
    }
    return fd;
}

int reach(const struct addrinfo *ai)
{
    int fd;

#if USE_TLS
    abort();
#else
    if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0) {
	fprintf(stderr, "socket: %s\n", strerror(errno));
	return -1;
    }
    if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
	fprintf(stderr, "connect: %s\n", strerror(errno));
	close(fd);
	return -1;
    }
# if HAVE_POLL
    fprintf(stderr, "connected\n");
# endif
#endif
    return fd;
}

int tuned(const struct addrinfo *ai)
{
    int fd;

    if ((fd = socket(ai->ai_family, SOCK_STREAM, 0)) < 0) {
	fprintf(stderr, "socket: %s\n", strerror(errno));
	return -1;
    }
#ifdef HAVE_SETSOCKOPT
    {
	int size = 65536;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, (char *)&size, sizeof(size)) < 0)
	    fprintf(stderr, "setsockopt(SO_SNDBUF): %s\n", strerror(errno));
    }
#endif
    if (connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
	close(fd);
	return -1;
    }
    return fd;
}
