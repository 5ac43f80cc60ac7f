/* options: idle=60 */
/* The kernel's header has the timers, and cannot be read beside the library's. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

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
