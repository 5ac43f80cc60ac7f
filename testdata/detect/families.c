/* The family of a sockaddr. */
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

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

int main(void)
{
	struct peer p;
	struct sockaddr_in in;

	inet_peer(&p);
	unix_peer(&p);
	in.sin_family = AF_INET;
	by_sockaddr((struct sockaddr *)&in, sizeof in);
	return by_storage();
}
