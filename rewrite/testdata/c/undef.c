#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

extern int rpl_setsockopt(int fd, int level, int opt, const void *val, socklen_t len);
extern int to_fd(int handle);
extern int to_handle(int fd);

#define setsockopt rpl_setsockopt
#undef accept

int rpl_accept(int fd, struct sockaddr *addr, socklen_t *len)
{
	int fh = accept(to_handle(fd), addr, len);

	if (fh < 0)
		return -1;
	return to_fd(fh);
}
