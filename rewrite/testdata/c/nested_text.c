#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void note(const char *fmt, ...);
void level_seen(int level);
const char *text(const char *fmt, ...);
#define DEBUG(level, list) do { if ((level) < 3) note list; } while (0)
#define TELL(level, rest) do { level_seen(level); (void)(rest); } while (0)
#define NOTICE 2

struct port {
	int sock;
};

int dial(struct sockaddr_in *sa)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd == -1) {
		DEBUG(0, ("dial: socket: %s\n", strerror(errno)));
		return -1;
	}

	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		DEBUG(0, ("dial: connect: %s\n", strerror(errno)));
		close(fd);
		return -1;
	}
	return fd;
}

int take(struct port *port, int lfd)
{
	/* take the next one */
	port->sock = accept(lfd, NULL, NULL);
	if (port->sock < 0) {
		TELL(NOTICE, (text("could not accept: %m")));
		return -1;
	}

	/* select NODELAY option */
	{
		int on;

		on = 1;
		if (setsockopt(port->sock, IPPROTO_TCP, TCP_NODELAY,
			       (char *)&on, sizeof(on)) < 0) {
			TELL(NOTICE, (text("%s(%s) failed: %m", "setsockopt", "TCP_NODELAY")));
			return -1;
		}
	}

	return 0;
}
