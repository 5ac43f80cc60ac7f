/* The family of a sockaddr. */
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#define AF_LINK 18

struct peer {
	struct sockaddr_in addr;
	struct sockaddr_un path;
};

static int inet_peer(struct peer *p)
{
	int fd;

	p->addr.sin_family = AF_INET;
	fd = socket(p->addr.sin_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, (struct sockaddr *)&p->addr, sizeof(p->addr));
}

static int unix_peer(struct peer *p)
{
	int fd;

	p->path.sun_family = AF_UNIX;
	fd = socket(p->path.sun_family, SOCK_STREAM, 0); /* want: not-tcp */
	return connect(fd, (struct sockaddr *)&p->path, sizeof(p->path));
}

static int by_sockaddr(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}

static int by_storage(void)
{
	struct sockaddr_storage ss;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&ss;
	int fd;

	six->sin6_family = AF_INET6;
	fd = socket(ss.ss_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, (struct sockaddr *)&ss, sizeof(ss));
}

/* An address that is a member, filled in elsewhere through pointers of its kinds. */
static struct server {
	struct sockaddr_storage addr;
	socklen_t len;
	int fd;
} *only;

static void set_address(int six, int port)
{
	struct sockaddr_in *in;

	if (six) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&only->addr;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		return;
	}
	in = (struct sockaddr_in *)&only->addr;
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
}

static int to_server(struct server *s)
{
	s->fd = socket(s->addr.ss_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(s->fd, (struct sockaddr *)&s->addr, s->len);
}

/* Sockets are made of no interface's address. */
union any {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct link {
		unsigned char len, family;
	} link;
};

static int to_any(int interface)
{
	union any a;
	int fd;

	a.sa.sa_family = interface ? AF_LINK : AF_INET;
	fd = socket(a.sa.sa_family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, &a.sa, sizeof(a));
}

int main(void)
{
	struct peer p;
	struct sockaddr_in in;

	inet_peer(&p);
	unix_peer(&p);
	in.sin_family = AF_INET;
	by_sockaddr((struct sockaddr *)&in, sizeof in);
	set_address(0, 7);
	return by_storage() + to_server(only) + to_any(0);
}
