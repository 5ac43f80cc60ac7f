/* Macros that wrap the call, and calls that are arguments of macros. */
#include <sys/socket.h>

#define TCP_SOCKET() socket(AF_INET, SOCK_STREAM, 0) /* want: missing tcp client */
#define UNIX_SOCKET() socket(AF_UNIX, SOCK_STREAM, 0) /* want: not-tcp */
#define OPEN(type) socket(AF_INET, (type), 0) /* want: covered tcp client */
#define KEEP(fd) do { int on_ = 1; setsockopt((fd), SOL_SOCKET, SO_KEEPALIVE, &on_, sizeof(on_)); } while (0)
#define CHECK(x) do { if ((x) < 0) fail(#x); } while (0)
#define RETRY(x) ({ int r_; do r_ = (x); while (r_ < 0 && errno == EINTR); r_; })
#define FD(x) ((int)(x))

static void macros(struct sockaddr *sa, socklen_t len)
{
	int fd;

	fd = TCP_SOCKET();
	connect(fd, sa, len);
	fd = UNIX_SOCKET();
	connect(fd, sa, len);
	fd = OPEN(SOCK_STREAM);
	KEEP(fd);
	connect(fd, sa, len);
	CHECK(fd = socket(AF_INET, SOCK_STREAM, 0)); /* want: missing tcp client */
	CHECK(connect(fd, sa, len));
	CHECK(fd = socket(AF_INET, SOCK_STREAM, 0)); /* want: covered tcp client set */
	KEEP(fd);
	CHECK(connect(fd, sa, len));
	fd = RETRY(socket(AF_INET, SOCK_STREAM, 0)); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = FD(socket(AF_INET, SOCK_STREAM, 0)); /* want: missing tcp client */
	connect(fd, sa, len);
}
