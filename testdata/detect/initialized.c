/* Structs that a caller fills by a braced initializer and changes afterwards. */
#include <sys/socket.h>
#include <netinet/in.h>

struct target {
	int family, kind, proto;
	struct sockaddr_in addr;
};

static int dial(const struct target *t)
{
	int fd = socket(t->family, t->kind, t->proto); /* want: missing maybe-tcp client */

	if (fd >= 0)
		connect(fd, (const struct sockaddr *)&t->addr, sizeof(t->addr));
	return fd;
}

static int dial_on(const struct target *t)
{
	return dial(t);
}

int main(void)
{
	struct target t = { AF_INET, SOCK_STREAM, IPPROTO_TCP };

	dial_on(&t);
	t.kind = SOCK_DGRAM;
	t.proto = IPPROTO_UDP;
	return dial_on(&t);
}
