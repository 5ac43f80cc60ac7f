#include <netinet/in.h>
#include <sys/socket.h>

struct conn {
	int fd;
};

void set_err(struct conn *c, int code, const char *format, ...);

/* What another file prints is no pattern for one that only keeps its errors. */
int kept_beside(struct conn *c, struct sockaddr_in *sa)
{
	if ((c->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		set_err(c, 3, "Could not create socket");
		return -1;
	}
	if (connect(c->fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		set_err(c, 3, "Could not connect to port %d", sa->sin_port);
		return -1;
	}
	return 0;
}
