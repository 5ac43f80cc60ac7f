/* KA006: an option in a table that no #ifdef guards. */
#include <sys/socket.h>
#include <netinet/tcp.h>

static struct { int level, name, value; } table[] = {
	{ SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ IPPROTO_TCP, TCP_KEEPINTVL, 10 },
};

int table_fd(struct sockaddr *sa, socklen_t len)
{
	int i, fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered conditional KA006 */

	for (i = 0; i < 2; i++)
		if (setsockopt(fd, table[i].level, table[i].name, &table[i].value, sizeof(int)) < 0)
			return -1;
	return connect(fd, sa, len);
}
