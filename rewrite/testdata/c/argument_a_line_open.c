#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

bool set_nonblock(int fd);

bool reach(int fds[2], const struct sockaddr **at, const socklen_t *len)
{
	static const int nodelay = 1;
	static const int domains[] = { AF_INET6, AF_INET };
	size_t i;

	for (i = 0; i < 2; i += 1) {
		fds[i] = socket(domains[i], SOCK_STREAM, 0);
		if (fds[i] < 0 || !set_nonblock(fds[i])) {
			return false;
		}
		setsockopt(
			fds[i],
			IPPROTO_TCP,
			TCP_NODELAY,
			&nodelay,
			sizeof(int));
		if (connect(fds[i], at[i], len[i]) < 0) {
			return false;
		}
	}
	return true;
}
