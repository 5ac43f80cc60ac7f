/* One function opens whatever it is asked for; each watcher has the object that it was set up with. */
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#define OPEN_LOCAL 1
#define OPEN_PASSIVE 2

struct watcher {
	int fd;
	void (*ready)(struct watcher *);
};

static struct watcher *watched[8];
static int count;

static void watch(struct watcher *w)
{
	watched[count++] = w;
}

static int make(int family, const void *sa, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM, 0); /* want: missing maybe-tcp listener */

	if (bind(fd, sa, len) < 0 || listen(fd, 5) < 0)
		return -1;
	return fd;
}

static int open_local(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	strncpy(sun.sun_path, path, sizeof(sun.sun_path) - 1);
	return make(AF_UNIX, &sun, sizeof(sun));
}

static int open_net(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };

	return make(AF_INET, &sin, sizeof(sin));
}

static int open_any(int how, const char *where, int port)
{
	if (how & OPEN_LOCAL)
		return open_local(where);
	return open_net(port);
}

static void on_local(struct watcher *w)
{
	int c = accept(w->fd, NULL, NULL); /* want: not-tcp accepted */

	close(c);
}

static void on_net(struct watcher *w)
{
	int c = accept(w->fd, NULL, NULL); /* want: missing tcp accepted */

	write(c, "", 1);
	close(c);
}

int main(void)
{
	static struct watcher net, local;
	int i;

	net.fd = open_any(OPEN_PASSIVE, NULL, 4000);
	net.ready = on_net;
	watch(&net);
	local.fd = open_any(OPEN_LOCAL | OPEN_PASSIVE, "/run/ctl", 0);
	local.ready = on_local;
	watch(&local);
	for (;;)
		for (i = 0; i < count; i++)
			watched[i]->ready(watched[i]);
}
