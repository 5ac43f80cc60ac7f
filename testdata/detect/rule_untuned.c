/* KA004: keepalive is on, the timers are the system's. */
#include <sys/socket.h>
#include <netinet/tcp.h>
#include "rule_untuned.h"

static int untuned(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered set KA004 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int tuned(struct sockaddr *sa, socklen_t len)
{
	int on = 1, idle = 60;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered set norules */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
#ifdef TCP_KEEPIDLE
	if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) < 0)
		return -1;
#endif
	return connect(fd, sa, len);
}

/* The timers of a are no timers of b. */
static int another(struct sockaddr *sa, socklen_t len)
{
	int on = 1, idle = 60;
	int a = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */
	int b = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	if (setsockopt(a, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0 ||
	    setsockopt(b, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
#ifdef TCP_KEEPIDLE
	if (setsockopt(a, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) < 0)
		return -1;
#endif
	return connect(a, sa, len) | connect(b, sa, len);
}

static int elsewhere(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered set norules */

	if (keepalive(fd) < 0 || timers(fd, 60) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int from_table(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered conditional norules */

	if (options(fd) < 0)
		return -1;
	return connect(fd, sa, len);
}

static void inherited(struct sockaddr *sa, socklen_t len)
{
	int lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered listener norules */
	int fd;

	if (keepalive(lfd) < 0 || timers(lfd, 60) < 0)
		return;
	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: covered inherited KA003 */
	write(fd, "x", 1);
}

static void inherited_untuned(struct sockaddr *sa, socklen_t len)
{
	int lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered listener KA004 */
	int fd;

	if (keepalive(lfd) < 0)
		return;
	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: covered inherited KA003 KA004 */
	write(fd, "x", 1);
}

static int other(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp norules */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

/* Nobody knows the option, but it is none of TCP's. */
static int of_socket(int option, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered set KA004 */
	int on = 1;

	if (keepalive(fd) < 0 || setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

/* It may be a timer. */
static int of_tcp(int option, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered set norules */
	int on = 1;

	if (keepalive(fd) < 0 || setsockopt(fd, IPPROTO_TCP, option, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}
