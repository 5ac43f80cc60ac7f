/* Who calls decides whether keepalive is set: flags, switches, early returns. */
#include <stdarg.h>
#include <sys/socket.h>

enum { F_NODELAY = 1, F_KEEP = 2, F_REUSE = 4 };
enum opt { OPT_END, OPT_KEEP, OPT_REUSE };

static const int one = 1;

static void tune(int fd, int flags)
{
	if (flags & F_REUSE)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if ((flags & F_KEEP) != 0)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
}

static void tune_if(int fd, int keep)
{
	if (!keep)
		return;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
}

static void set(int fd, enum opt o, int value)
{
	int name;

	switch (o) {
	case OPT_KEEP:
		name = SO_KEEPALIVE;
		break;
	case OPT_REUSE:
		name = SO_REUSEADDR;
		break;
	default:
		return;
	}
	setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

static void set_many(int fd, ...)
{
	va_list ap;
	int o;

	va_start(ap, fd);
	while ((o = va_arg(ap, int)) != OPT_END) {
		switch (o) {
		case OPT_KEEP:
			setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
			break;
		case OPT_REUSE:
			setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
			break;
		}
	}
	va_end(ap);
}

static int flags_with(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	tune(fd, F_KEEP | F_NODELAY);
	return connect(fd, sa, len);
}

static int flags_without(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	tune(fd, F_REUSE | F_NODELAY);
	return connect(fd, sa, len);
}

static int flags_added(struct sockaddr *sa, socklen_t len, int keep)
{
	int flags = F_NODELAY;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	if (keep)
		flags |= F_KEEP;
	tune(fd, flags);
	return connect(fd, sa, len);
}

static int flags_not_added(struct sockaddr *sa, socklen_t len, int reuse)
{
	int flags = F_NODELAY;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (reuse)
		flags |= F_REUSE;
	tune(fd, flags);
	return connect(fd, sa, len);
}

static int flags_given(struct sockaddr *sa, socklen_t len, int flags)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	tune(fd, flags);
	return connect(fd, sa, len);
}

static int returns_early(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	tune_if(fd, 0);
	return connect(fd, sa, len);
}

static int goes_on(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	tune_if(fd, 1);
	return connect(fd, sa, len);
}

static void tune_unless(int fd, int flags)
{
	int on = 1;

	if (flags & F_NODELAY)
		on = 0;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int unless_it_is(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	tune_unless(fd, F_NODELAY | F_REUSE);
	return connect(fd, sa, len);
}

static int unless_it_is_not(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	tune_unless(fd, F_REUSE);
	return connect(fd, sa, len);
}

static int counts(struct sockaddr *sa, socklen_t len)
{
	int n = 0;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	while (connect(fd, sa, len) < 0) {
		n = n + 1;
		if (n == 5)
			setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	}
	return fd;
}

static int chosen(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	set(fd, OPT_REUSE, 1);
	set(fd, OPT_KEEP, 1);
	return connect(fd, sa, len);
}

static int chosen_other(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set(fd, OPT_REUSE, 1);
	return connect(fd, sa, len);
}

static int listed(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	set_many(fd, OPT_REUSE, OPT_KEEP, OPT_END);
	return connect(fd, sa, len);
}

static int listed_other(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set_many(fd, OPT_REUSE, OPT_END);
	return connect(fd, sa, len);
}

static int never(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (0)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return connect(fd, sa, len);
}

static int no_value(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, NULL, 0);
	return connect(fd, sa, len);
}

/* Only for what is no TCP. */
static int unix_only(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM, 0); /* want: missing maybe-tcp client */

	if (sa->sa_family == AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return connect(fd, sa, len);
}

static int not_unix(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM, 0); /* want: covered maybe-tcp client set */

	if (sa->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return connect(fd, sa, len);
}

/* A wrapper that is told by its callers. */
int make(int flags)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp conditional */

	if (flags & F_KEEP)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return fd;
}

static int serve(struct sockaddr *sa, socklen_t len)
{
	int l = make(F_REUSE);

	bind(l, sa, len);
	listen(l, 5);
	return accept(l, 0, 0); /* want: missing tcp accepted */
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;

	sa->sa_family = argc > 1 ? AF_UNIX : AF_INET;
	flags_with(sa, 1);
	flags_without(sa, 1);
	flags_added(sa, 1, argc);
	flags_not_added(sa, 1, argc);
	flags_given(sa, 1, argc);
	returns_early(sa, 1);
	goes_on(sa, 1);
	unless_it_is(sa, 1);
	unless_it_is_not(sa, 1);
	counts(sa, 1);
	chosen(sa, 1);
	chosen_other(sa, 1);
	listed(sa, 1);
	listed_other(sa, 1);
	never(sa, 1);
	no_value(sa, 1);
	unix_only(sa, 1);
	not_unix(sa, 1);
	connect(make(F_KEEP), sa, 1);
	return serve(sa, 1);
}

enum state { IDLE, LISTENING, CONNECTED };
struct daemon { enum state state; int lfd, fds[8]; };

/* Nothing here says that anybody listens, but the accept() stands under the same
   case as what follows it. */
static void event(struct daemon *d)
{
	int i;

	switch (d->state) {
	case LISTENING:
		for (i = 0; i < 8; i++) {
			d->fds[i] = accept(d->lfd, 0, 0); /* want: covered maybe-tcp accepted */
			if (d->fds[i] == -1)
				return;
			setsockopt(d->fds[i], SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
			d->state = CONNECTED;
			break;
		}
		break;
	default:
		break;
	}
}

void events(struct daemon *d)
{
	event(d);
}
