#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

struct check {
	int s;
	struct sockaddr_in sin;
};

void check_close(struct check *);
void check_done(struct check *, int);

void
check_tcp(struct check *c)
{
	int		 s;
	struct linger	 lng;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		goto bad;

	c->s = s;

	memset(&lng, 0, sizeof(lng));
	if (setsockopt(s, SOL_SOCKET, SO_LINGER, &lng, sizeof(lng)) == -1)
		goto bad;

	if (connect(s, (struct sockaddr *)&c->sin, sizeof(c->sin)) == -1)
		goto bad;

	check_done(c, 0);
	return;

bad:
	check_close(c);
	check_done(c, errno);
}

int
check_socket(struct check *c)
{
	int		 s, v = 1;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		goto fail;
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &v, sizeof(v)) == -1)
		goto fail;
	if (bind(s, (struct sockaddr *)&c->sin, sizeof(c->sin)) == -1)
		goto fail;

	return (s);

fail:
	if (s != -1)
		close(s);
	return (-1);
}
