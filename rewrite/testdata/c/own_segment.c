/* options: idle=60 */
/* A TCP stack of its own: the system's header of the timers would define its segments
 * again. */
#include <netinet/in.h>
#include <sys/socket.h>

struct tcphdr {
	unsigned short source, dest;
};

int reach(const struct sockaddr_in *to)
{
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		return -1;
	return fd;
}
