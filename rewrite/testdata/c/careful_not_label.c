#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The label frees what is not there yet when the socket is made. */
char *fetch(const struct sockaddr_in *from)
{
	char *buf;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd == -1)
		return NULL;
	buf = malloc(512);
	if (buf == NULL) {
		close(fd);
		return NULL;
	}
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		goto out;
	if (connect(fd, (const struct sockaddr *)from, sizeof(*from)) == -1)
		goto out;
	if (read(fd, buf, 512) > 0) {
		close(fd);
		return buf;
	}
out:
	free(buf);
	close(fd);
	return NULL;
}
