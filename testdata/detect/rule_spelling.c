/* KA006: spellings that other systems refuse. */
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <stdbool.h>

static int level(struct sockaddr *sa, socklen_t len)
{
	int on = 1, idle = 60;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA006 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
#ifdef TCP_KEEPIDLE
	if (setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) < 0)
		return -1;
#endif
	return connect(fd, sa, len);
}

static int on_linux(struct sockaddr *sa, socklen_t len)
{
	int on = 1, idle = 60;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
#ifdef __linux__
	if (setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) < 0)
		return -1;
#endif
	return connect(fd, sa, len);
}

static int unguarded(struct sockaddr *sa, socklen_t len)
{
	int on = 1, cnt = 5;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA006 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &cnt, sizeof(cnt)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int one_byte(struct sockaddr *sa, socklen_t len)
{
	char on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA006 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int a_bool(bool keepalive, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA006 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (void *)&keepalive, sizeof(keepalive)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int size_of_char(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 KA006 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof(char)) < 0)
		return -1;
	return connect(fd, sa, len);
}

/* The cast that Windows and old systems want is no byte. */
static int cast(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA004 */

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int by_helper(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA006 */

	if (set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) < 0 || set(fd, SOL_TCP, TCP_KEEPINTVL, 10) < 0)
		return -1;
	return connect(fd, sa, len);
}
