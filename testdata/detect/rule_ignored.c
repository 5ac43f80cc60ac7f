/* KA008: nobody looks at the result. */
#include <sys/socket.h>

#define KEEP(fd, on) setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(on), sizeof(on))

static int on = 1;

static int keep(int fd)
{
	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int ignored(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA008 */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int cast(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int kept(struct sockaddr *sa, socklen_t len)
{
	int rc, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	rc = setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (rc < 0)
		return rc;
	return connect(fd, sa, len);
}

static int by_helper(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA008 */

	keep(fd);
	return connect(fd, sa, len);
}

static int by_helper_checked(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	if (keep(fd) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int by_macro(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	if (KEEP(fd, on) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int by_macro_ignored(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA008 */

	KEEP(fd, on);
	return connect(fd, sa, len);
}

static int short_circuit(struct sockaddr *sa, socklen_t len)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0 || /* want: covered KA004 */
	    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0)
		return -1;
	return connect(fd, sa, len);
}
