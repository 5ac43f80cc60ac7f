/* Types of which a typedef names the pointer as well. */
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>

typedef int fd_t, *fd_p;
typedef struct {
	const char *name;
	int (*set)(fd_p);
} option, *option_p;
typedef struct {
	fd_t fd;
} conn, *conn_p;

static int set_keepalive(fd_p fd)
{
	int on = 1;

	return setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

static int set_reuse(fd_p fd)
{
	int on = 1;

	return setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
}

static option options[] = { { "keepalive", set_keepalive }, { "reuse", set_reuse }, { NULL, NULL } };

static int apply(option_p o, const char *name, fd_p fd)
{
	while (o->name && strcmp(o->name, name))
		o++;
	return o->name ? o->set(fd) : -1;
}

static int create(fd_p fd)
{
	*fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	return *fd < 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in sin = { AF_INET };
	conn c;
	conn_p p = &c;

	if (create(&p->fd))
		return 1;
	apply(options, argv[1], &p->fd);
	return connect(p->fd, (struct sockaddr *)&sin, sizeof(sin));
}
