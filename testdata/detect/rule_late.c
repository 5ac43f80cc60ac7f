/* KA007: set after listen() or connect(). Timers are left out, so KA004 too. */
#include <sys/socket.h>

static int keep(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int before(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 */

	if (keep(fd) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int after(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 KA007 */

	if (connect(fd, sa, len) < 0)
		return -1;
	return keep(fd);
}

static int on_one_way(int early, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client set KA004 */

	if (early)
		goto set;
	if (connect(fd, sa, len) < 0)
		return -1;
set:
	return keep(fd);
}

static int in_loop(struct sockaddr *sa, socklen_t len, int n)
{
	int fd = -1;

	while (n--) {
		fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 */
		if (keep(fd) < 0)
			continue;
		if (connect(fd, sa, len) == 0)
			break;
		close(fd);
	}
	return fd;
}

static int after_loop(struct sockaddr *sa, socklen_t len, int n)
{
	int fd = -1;

	while (n--) {
		fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 KA007 */
		if (connect(fd, sa, len) == 0)
			break;
		close(fd);
	}
	return keep(fd);
}

static int connected(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 KA007 */

	if (connect(fd, sa, len) < 0)
		return -1;
	return fd;
}

static int in_caller(struct sockaddr *sa, socklen_t len)
{
	int fd = connected(sa, len);

	return fd < 0 ? -1 : keep(fd);
}

static int opened(struct sockaddr *sa, socklen_t len)
{
	return socket(AF_INET, SOCK_STREAM, 0); /* want: covered client KA004 */
}

static int in_time(struct sockaddr *sa, socklen_t len)
{
	int fd = opened(sa, len);

	if (keep(fd) < 0)
		return -1;
	return connect(fd, sa, len);
}

static void listener(struct sockaddr *sa, socklen_t len)
{
	int lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered listener KA004 KA007 */
	int fd;

	bind(lfd, sa, len);
	listen(lfd, 5);
	if (keep(lfd) < 0)
		return;
	fd = accept(lfd, 0, 0); /* want: covered inherited KA003 KA004 */
	write(fd, "x", 1);
}
