/* Sockets that are opened for a test or an ioctl only. */
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <net/if.h>

static int have_inet6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0); /* want: exempt tcp probe norules */

	if (fd < 0)
		return 0;
	close(fd);
	return 1;
}

static int flags(struct ifreq *ifr)
{
	int fd, rc;

	fd = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp probe */
	if (fd == -1)
		return -1;
	rc = ioctl(fd, SIOCGIFFLAGS, ifr);
	close(fd);
	return rc;
}

static int port_free(int port, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp probe */
	int ok = bind(fd, sa, len) == 0;

	close(fd);
	return ok;
}

static int mtu(struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0); /* want: not-tcp norules */
	int rc = ioctl(fd, SIOCGIFMTU, ifr);

	close(fd);
	return rc;
}

/* Connected, so no probe in this sense: the connect itself may hang. */
static int reachable(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	int rc = connect(fd, sa, len);

	close(fd);
	return rc;
}

#include <sys/ioctl.h>

/* Kept open, but for the requests of an interface alone. */
int interface_flags(struct ifreq *ifr)
{
	static int ctl = -1;

	if (ctl < 0)
		ctl = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp probe */
	return ioctl(ctl, 0x8913, ifr);
}
