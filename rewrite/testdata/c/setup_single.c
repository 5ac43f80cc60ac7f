#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

/* all options of a new connection */
static int link_sockopts(int s)
{
	int flag = 1;
	int tos = 16;

	if (setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &flag, sizeof(flag)) < 0)
		syslog(LOG_WARNING, "link: TCP_NODELAY: %s", strerror(errno));
	if (setsockopt(s, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)) < 0)
		syslog(LOG_WARNING, "link: IP_TOS: %s", strerror(errno));
#ifdef NONBLOCKING_LINKS
	if (fcntl(s, F_SETFL, O_NONBLOCK) < 0)
		return -1;
#endif
	return 0;
}

int link_open(const struct sockaddr_in *to)
{
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0) {
		syslog(LOG_ERR, "link: socket: %s", strerror(errno));
		return -1;
	}
	if (link_sockopts(s) < 0) {
		syslog(LOG_ERR, "link: options failed");
		close(s);
		return -1;
	}
	if (connect(s, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		syslog(LOG_ERR, "link: connect: %s", strerror(errno));
		close(s);
		return -1;
	}
	return s;
}
