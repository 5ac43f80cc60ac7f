/* A wrapper in a header; one program sets keepalive behind it, another does not. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static inline int dial(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}
