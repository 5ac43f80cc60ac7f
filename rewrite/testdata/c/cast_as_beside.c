#ifdef _WIN32
#include <winsock2.h>
#define close_socket(fd) closesocket(fd)
#else
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#define close_socket(fd) close(fd)
#endif

void set_timeout(int fd, int seconds)
{
#ifdef _WIN32
	DWORD ms = seconds * 1000;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, (const char *)&ms, sizeof(ms));
#else
	struct timeval tv = { seconds, 0 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
#endif
}

/* What all builds do without a cast needs none here. */
int dial(const struct sockaddr *sa, int len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0) {
		close_socket(fd);
		return -1;
	}
	if (len > 0) {
		int one = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
#ifdef SO_NOSIGPIPE
		setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof(one));
#endif
	}
	return fd;
}
