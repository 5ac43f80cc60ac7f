/* options: idle=30 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct line {
	const char *name;
	int fd;
};

int line_open(struct line *l, const struct sockaddr_in *to, FILE *log)
{
	l->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (l->fd == -1) {
		fprintf(log, "%s: socket: %s\n", l->name, strerror(errno));
		return -1;
	}
	if (connect(l->fd, (const struct sockaddr *)to, sizeof(*to)) == -1) {
		fprintf(log, "%s: connect: %s\n", l->name, strerror(errno));
		return -1;
	}
	return 0;
}
