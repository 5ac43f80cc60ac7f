/* KA005: timers crossed or out of range. */
#include <sys/socket.h>
#include <netinet/tcp.h>

#define KEEPALIVE_IDLE (2 * 60 * 60)
#define KEEPALIVE_DAYS (10 * 24 * 60 * 60)
#define PROBES 200

#if defined(TCP_KEEPIDLE) && defined(TCP_KEEPINTVL) && defined(TCP_KEEPCNT)

struct settings {
	int keep_idle;
	int keep_intvl;
	int keep_cnt;
};

static struct settings settings;

static int on(int fd)
{
	int one = 1;

	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
}

static int timer(int fd, int name, int value)
{
	return setsockopt(fd, IPPROTO_TCP, name, &value, sizeof(value));
}

static int right(int idle, int intvl, int cnt, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */

	if (on(fd) || timer(fd, TCP_KEEPIDLE, idle) || timer(fd, TCP_KEEPINTVL, intvl) || timer(fd, TCP_KEEPCNT, cnt))
		return -1;
	return connect(fd, sa, len);
}

static int crossed(int idle, int interval, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	if (on(fd) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &interval, sizeof(interval)) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &idle, sizeof(idle)))
		return -1;
	return connect(fd, sa, len);
}

static int by_helper(struct settings *s, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	if (on(fd) || timer(fd, TCP_KEEPINTVL, s->keep_cnt) || timer(fd, TCP_KEEPCNT, s->keep_intvl))
		return -1;
	return connect(fd, sa, len);
}

static int by_variable(struct settings *s, struct sockaddr *sa, socklen_t len)
{
	int val, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	val = s->keep_idle;
	if (on(fd) || setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &val, sizeof(val)))
		return -1;
	return connect(fd, sa, len);
}

/* One setting for both is meant so. */
static int derived(int interval, struct sockaddr *sa, socklen_t len)
{
	int val, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */

	val = interval;
	if (on(fd) || setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &val, sizeof(val)))
		return -1;
	val = interval / 3;
	if (val == 0)
		val = 1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &val, sizeof(val)))
		return -1;
	val = 3;
	if (setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &val, sizeof(val)))
		return -1;
	return connect(fd, sa, len);
}

static int in_range(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */

	if (on(fd) || timer(fd, TCP_KEEPIDLE, KEEPALIVE_IDLE) || timer(fd, TCP_KEEPINTVL, 32767) || timer(fd, TCP_KEEPCNT, 127))
		return -1;
	return connect(fd, sa, len);
}

static int idle_too_long(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	if (on(fd) || timer(fd, TCP_KEEPIDLE, KEEPALIVE_DAYS))
		return -1;
	return connect(fd, sa, len);
}

static int too_many(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	if (on(fd) || timer(fd, TCP_KEEPCNT, PROBES))
		return -1;
	return connect(fd, sa, len);
}

static int none(struct sockaddr *sa, socklen_t len)
{
	int intvl = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered KA005 */

	if (on(fd) || setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &intvl, sizeof(intvl)))
		return -1;
	return connect(fd, sa, len);
}

/* 0 stands for "leave it alone" here. */
static int unless_zero(int argc, struct sockaddr *sa, socklen_t len)
{
	int intvl = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered norules */

	if (argc > 1)
		intvl = atoi("10");
	if (argc > 2)
		intvl = 20;
	if (on(fd) || intvl > 0 && setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &intvl, sizeof(intvl)))
		return -1;
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;

	settings.keep_idle = atoi(argv[1]);
	right(settings.keep_idle, settings.keep_intvl, settings.keep_cnt, sa, 1);
	crossed(60, 10, sa, 1);
	by_helper(&settings, sa, 1);
	by_variable(&settings, sa, 1);
	return derived(argc, sa, 1) + in_range(sa, 1) + idle_too_long(sa, 1) + too_many(sa, 1) + none(sa, 1) + unless_zero(argc, sa, 1);
}

#endif
