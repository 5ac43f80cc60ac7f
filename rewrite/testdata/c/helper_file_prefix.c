/* options: idle=60 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
	int fd;
	int port;
};

void peer_init(struct peer *p) { memset(p, 0, sizeof(*p)); p->fd = -1; }
int peer_port(const struct peer *p) { return p->port; }
int peer_open(const struct peer *p) { return p->fd >= 0; }
int peer_ready(const struct peer *p) { return p->port > 0; }
void peer_set_port(struct peer *p, int port) { p->port = port; }
void peer_reset(struct peer *p) { peer_init(p); }

void peer_close(struct peer *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

int peer_connect(struct peer *p)
{
	struct sockaddr_in to;

	p->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (p->fd < 0)
		return -1;
	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = htons(p->port);
	if (connect(p->fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		peer_close(p);
		return -1;
	}
	return 0;
}
