/* What failed is said in an arm of an #if; the line behind it only adds the peer. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>

void log_err(const char *fmt, ...);
void log_addr(int level, const char *what, struct sockaddr_in *addr);

int
bind_port(int fd, struct sockaddr_in *addr)
{
	int on = 1;

	if(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (void*)&on, sizeof(on)) < 0) {
		log_err("setsockopt(.. SO_REUSEADDR ..) failed: %s", strerror(errno));
		return -1;
	}
	return bind(fd, (struct sockaddr*)addr, sizeof(*addr));
}

int
accept_one(int lfd, struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int new_fd = accept(lfd, (struct sockaddr*)addr, &len);
	if(new_fd == -1) {
#ifndef USE_WINSOCK
		log_err("accept failed: %s", strerror(errno));
#else
		log_err("accept failed: %s", wsa_strerror(WSAGetLastError()));
#endif
		log_addr(0, "remote address is", addr);
		return -1;
	}
	return new_fd;
}

int
serve(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if(fd == -1) {
		log_err("socket failed: %s", strerror(errno));
		return -1;
	}
	if(bind_port(fd, &addr) == -1 || listen(fd, 5) == -1)
		return -1;
	return accept_one(fd, &addr);
}
