/* Protocols by their names. */
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int tcp(struct sockaddr *sa, socklen_t len)
{
	struct protoent *p = getprotobyname("tcp");
	int fd = socket(PF_INET, SOCK_STREAM, p->p_proto); /* want: missing tcp client */

	return connect(fd, sa, len);
}

static int udp(struct sockaddr *sa, socklen_t len)
{
	struct protoent *p;
	int fd;

	p = getprotobyname("udp");
	fd = socket(PF_INET, SOCK_DGRAM, p->p_proto); /* want: not-tcp */
	return connect(fd, sa, len);
}

static int sctp(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(PF_INET, SOCK_STREAM, getprotobyname("sctp")->p_proto); /* want: not-tcp */

	return connect(fd, sa, len);
}

#define NEW_SOCKET socket(AF_INET, SOCK_STREAM, 0) /* want: missing tcp client */

static int object_macro(struct sockaddr *sa, socklen_t len)
{
	int fd = NEW_SOCKET;

	return connect(fd, sa, len);
}

/* Nothing but TCP is made with IPPROTO_TCP, whatever families are handed on. */
static int by_protocol(int family, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM, IPPROTO_TCP); /* want: missing tcp client */

	return connect(fd, sa, len);
}

int dial(struct sockaddr *sa, socklen_t len, int local)
{
	return by_protocol(local ? AF_UNIX : AF_INET6, sa, len);
}
