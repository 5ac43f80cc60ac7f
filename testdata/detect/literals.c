/* Arguments that are literals: all domains, types and protocols in use. */
#include <sys/socket.h>
#include <netinet/in.h>

void keep(int a);

void literals(struct sockaddr *sa, socklen_t len)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client KA001 */
	connect(fd, sa, len);
	fd = socket(PF_INET6, SOCK_STREAM, IPPROTO_TCP); /* want: missing tcp client KA001 */
	connect(fd, sa, len);
	fd = socket(2, 1, 6); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP); /* want: not-tcp other */
	connect(fd, sa, len);
	fd = socket(AF_INET, SOCK_DGRAM, 0); /* want: not-tcp other norules */
	connect(fd, sa, len);
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); /* want: not-tcp other */
	connect(fd, sa, len);
	fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp other */
	connect(fd, sa, len);
	fd = socket(PF_LOCAL, SOCK_STREAM, 0); /* want: not-tcp other */
	connect(fd, sa, len);
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); /* want: not-tcp other */
	keep(fd);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)); /* want: not-tcp other */
	keep(fd);
	fd = socket(AF_VSOCK, SOCK_STREAM, 0); /* want: not-tcp other */
	connect(fd, sa, len);
	fd = socket(AF_BLUETOOTH, SOCK_STREAM, BTPROTO_RFCOMM); /* want: not-tcp other */
	connect(fd, sa, len);
}
