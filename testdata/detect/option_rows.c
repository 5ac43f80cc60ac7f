/* Tables of options: only the rows of the table that is gone through count. */
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

struct option {
	int level, name, value;
	const char *text;
};

static const struct option for_clients[] = {
	{ SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE" },
	{ IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY" },
};

static const struct option for_servers[] = {
	{ SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR" },
	{ .level = IPPROTO_TCP, .name = TCP_NODELAY, .value = 1 },
	{ 0, 0, 0, 0 },
};

static const struct option off[] = {
	{ SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR" },
	{ SOL_SOCKET, SO_KEEPALIVE, 0, "SO_KEEPALIVE" },
};

static struct {
	int name, value;
} changed[] = {
	{ SO_KEEPALIVE, 0 },
};

enum which { W_REUSE, W_KEEP, W_LAST };

static const int names[W_LAST] = { [W_KEEP] = SO_KEEPALIVE, [W_REUSE] = SO_REUSEADDR };

static void set_all(int fd, const struct option *o, int n)
{
	int i;

	for (i = 0; i < n; i++)
		setsockopt(fd, o[i].level, o[i].name, &o[i].value, sizeof(int));
}

static void set_list(int fd, const struct option *o)
{
	for (; o->text; o++)
		setsockopt(fd, o->level, o->name, &o->value, sizeof(int));
}

static void set_one(int fd, enum which w)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, names[w], &on, sizeof(on));
}

static int all(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	set_all(fd, for_clients, 2);
	return connect(fd, sa, len);
}

static int all_off(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set_all(fd, off, 2);
	return connect(fd, sa, len);
}

static int list(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set_list(fd, for_servers);
	return connect(fd, sa, len);
}

static int element(struct sockaddr *sa, socklen_t len)
{
	unsigned i;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	for (i = 0; i < sizeof(for_servers) / sizeof(for_servers[0]); i++) {
		const struct option *o = &for_servers[i];

		setsockopt(fd, o->level, o->name, &o->value, sizeof(o->value));
	}
	return connect(fd, sa, len);
}

static int at_run_time(struct sockaddr *sa, socklen_t len, int keep)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client conditional */

	changed[0].value = keep;
	setsockopt(fd, SOL_SOCKET, changed[0].name, &changed[0].value, sizeof(int));
	return connect(fd, sa, len);
}

static int by_number(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	set_one(fd, W_KEEP);
	return connect(fd, sa, len);
}

static int by_other_number(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	set_one(fd, W_REUSE);
	return connect(fd, sa, len);
}

static int from_pointer(struct sockaddr *sa, socklen_t len)
{
	const struct option *o = &for_clients[1];
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, o->level, o->name, &o->value, sizeof(int));
	return connect(fd, sa, len);
}

static int from_moved_pointer(struct sockaddr *sa, socklen_t len)
{
	const struct option *o = &off[0];
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	for (o = &for_clients[1]; o >= for_clients; o--)
		setsockopt(fd, o->level, o->name, &o->value, sizeof(int));
	return connect(fd, sa, len);
}

/* Functions in rows. */
struct step {
	int (*run)(int fd, int value);
	int value;
};

static int keep(int fd, int value)
{
	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value));
}

static int undelayed(int fd, int value)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value));
}

static const struct step with_keep[] = { { undelayed, 1 }, { keep, 1 } };
static const struct step without[] = { { undelayed, 1 } };

static void take(int fd, const struct step *s, int n)
{
	while (n-- > 0) {
		s->run(fd, s->value);
		s++;
	}
}

static int steps(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	take(fd, with_keep, 2);
	return connect(fd, sa, len);
}

static int other_steps(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	take(fd, without, 1);
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;

	all(sa, 1);
	all_off(sa, 1);
	list(sa, 1);
	element(sa, 1);
	at_run_time(sa, 1, argc);
	by_number(sa, 1);
	steps(sa, 1);
	other_steps(sa, 1);
	from_pointer(sa, 1);
	from_moved_pointer(sa, 1);
	return by_other_number(sa, 1);
}
