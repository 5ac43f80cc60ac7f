/* What the configuration says of functions that keepatch cannot look into. */
/* creates: lib_listen(AF_INET, SOCK_STREAM) */
/* creates: lib_listen_local(AF_UNIX, LOCAL_TYPE, 0) */
/* creates: own_socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC) */
/* creates: own_datagrams(PF_INET, SOCK_DGRAM) */
/* enables: lib_options(1) */
/* enables: lib_keep(0) */
#include <sys/socket.h>

#define LOCAL_TYPE SOCK_STREAM

struct loop;
struct backend { int (*family)(void); };

static int on = 1;

/* Without the configuration nobody knows what the descriptor of a library is. */
static void from_library(void)
{
	int lfd = lib_listen("*", 80);
	int fd = accept(lfd, 0, 0); /* want: missing tcp accepted KA002 */

	write(fd, "x", 1);
}

static void from_library_local(void)
{
	int lfd = lib_listen_local("/run/x");
	int fd = accept(lfd, 0, 0); /* want: not-tcp other accepted */

	write(fd, "x", 1);
}

static void inherited(void)
{
	int fd, lfd = lib_listen("*", 80);

	if (setsockopt(lfd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return;
	fd = accept(lfd, 0, 0); /* want: covered tcp accepted inherited KA003 KA004 */
	write(fd, "x", 1);
}

static int own_socket(struct backend *b, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(b->family(), lib_type(), 0); /* want: missing tcp client KA001 */

	connect(fd, sa, len);
	return fd;
}

static int own_datagrams(struct backend *b, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(b->family(), lib_type(), 0); /* want: not-tcp other */

	connect(fd, sa, len);
	return fd;
}

static int enabled(struct loop *loop, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set norules */

	lib_options(loop, fd);
	return connect(fd, sa, len);
}

static int other_argument(int fd2, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	lib_options(fd, fd2);
	return connect(fd, sa, len);
}

static int under_option(int keep, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (keep)
		lib_keep(fd);
	return connect(fd, sa, len);
}

static void on_listener(void)
{
	int fd, lfd = lib_listen("*", 80);

	lib_keep(lfd);
	fd = accept(lfd, 0, 0); /* want: covered tcp accepted inherited KA003 */
	write(fd, "x", 1);
}
