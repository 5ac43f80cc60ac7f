/* Functions that event libraries and threads call with what they were registered with. */
#include <ev.h>
#include <glib.h>
#include <libubox/uloop.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

static int tcp_listen(void)
{
	struct sockaddr_in sin = { AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	bind(fd, (struct sockaddr *)&sin, sizeof(sin));
	listen(fd, 5);
	return fd;
}

static int unix_listen(void)
{
	struct sockaddr_un sun = { AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */

	bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	listen(fd, 5);
	return fd;
}

/* The library's struct holds the descriptor. */
static struct {
	ev_io net, local;
} watchers;

static void ev_net(struct ev_loop *loop, ev_io *w, int revents)
{
	close(accept(w->fd, NULL, NULL)); /* want: missing tcp accepted */
}

static void ev_local(struct ev_loop *loop, ev_io *w, int revents)
{
	close(accept(w->fd, NULL, NULL)); /* want: not-tcp accepted */
}

/* The library makes something of its own from the descriptor. */
static gboolean g_net(GIOChannel *source, GIOCondition cond, gpointer data)
{
	int fd = g_io_channel_unix_get_fd(source);

	close(accept(fd, NULL, NULL)); /* want: missing tcp accepted */
	return TRUE;
}

static gboolean g_local(GIOChannel *source, GIOCondition cond, gpointer data)
{
	close(accept(g_io_channel_unix_get_fd(source), NULL, NULL)); /* want: not-tcp accepted */
	return TRUE;
}

static void watch(struct ev_loop *loop, GIOChannel *local)
{
	GIOChannel *net = g_io_channel_unix_new(tcp_listen());

	ev_io_init(&watchers.net, ev_net, tcp_listen(), EV_READ);
	ev_io_init(&watchers.local, ev_local, unix_listen(), EV_READ);
	g_io_add_watch(net, G_IO_IN, g_net, NULL);
	local = g_io_channel_unix_new(unix_listen());
	g_io_add_watch(local, G_IO_IN, g_local, NULL);
}

/* The program fills in the library's struct. */
static void u_net(struct uloop_fd *u, unsigned int events)
{
	close(accept(u->fd, NULL, NULL)); /* want: missing tcp accepted */
}

static void u_local(struct uloop_fd *u, unsigned int events)
{
	close(accept(u->fd, NULL, NULL)); /* want: not-tcp accepted */
}

static struct uloop_fd net = { .cb = u_net }, local;

/* Each thread has an object of its own. */
struct port {
	int fd;
	pthread_t id;
};

static struct port tcp_port, unix_port;

static void *tcp_thread(void *arg)
{
	struct port *p = arg;

	return (void *)(long)accept(p->fd, NULL, NULL); /* want: missing tcp accepted */
}

static void *unix_thread(void *arg)
{
	struct port *p = arg;

	return (void *)(long)accept(p->fd, NULL, NULL); /* want: not-tcp accepted */
}

int main(void)
{
	watch(ev_default_loop(0), NULL);
	net.fd = tcp_listen();
	uloop_fd_add(&net, ULOOP_READ);
	local.cb = u_local;
	local.fd = unix_listen();
	uloop_fd_add(&local, ULOOP_READ);
	tcp_port.fd = tcp_listen();
	unix_port.fd = unix_listen();
	pthread_create(&tcp_port.id, NULL, tcp_thread, &tcp_port);
	pthread_create(&unix_port.id, NULL, unix_thread, &unix_port);
	uloop_run();
	return 0;
}
