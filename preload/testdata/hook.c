/* A library with a connect() of its own, as a proxy's: it says so, and calls
 * the next one. */
#define _DEFAULT_SOURCE
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	/* RTLD_NEXT, for which another macro would be needed. */
	int (*next)(int, const struct sockaddr *, socklen_t) = dlsym((void *)-1L, "connect");

	if (write(1, "hooked\n", 7) != 7)
		return -1;
	return next(fd, addr, len);
}
