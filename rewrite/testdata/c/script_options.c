#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct value;

extern int to_int(const struct value *v);
extern int fd_of(const struct value *v);
extern struct value *port_of(int fd);
extern void raise_errno(const char *who);

/* The scripts choose the options of their sockets. */
struct value *prim_setsockopt(struct value *port, struct value *level, struct value *name, struct value *val)
{
	int l, n, v;

	l = to_int(level);
	n = to_int(name);
	v = to_int(val);
	if (setsockopt(fd_of(port), l, n, &v, sizeof(v)) < 0)
		raise_errno("setsockopt");
	return val;
}

struct value *prim_socket(struct value *family, struct value *type)
{
	int f, t, fd;

	f = to_int(family);
	t = to_int(type);
	if (t == SOCK_DGRAM)
		f = AF_INET;
	fd = socket(f, t, 0);
	if (fd < 0)
		raise_errno("socket");
	return port_of(fd);
}

struct value *prim_accept(struct value *port)
{
	int fd;

	fd = accept(fd_of(port), NULL, NULL);
	if (fd < 0)
		raise_errno("accept");
	return port_of(fd);
}
