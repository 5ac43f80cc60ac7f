#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <unistd.h>

void log_warn(const char *fmt, ...);
void fatal(const char *what);

int
control_accept(int lfd)
{
	int	 fd;

	if ((fd = accept(lfd, NULL, NULL)) == -1) {
		if (errno != EINTR)
			log_warn("control_accept: accept");
		return (-1);
	}
	return (fd);
}

int
client_open(struct sockaddr_in *sin)
{
	int	 fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		fatal("client_open socket");

	if (connect(fd, (struct sockaddr *)sin, sizeof(*sin)) == -1) {
		log_warn("client_open connect");
		close(fd);
		return (-1);
	}
	return (fd);
}
