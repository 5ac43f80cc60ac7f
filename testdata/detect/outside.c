/* Keepalive through what is not in the tree: libraries, pointers, messages. */
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

static const int on = 1;

#define SETSO(fd, name) setsockopt((fd), SOL_SOCKET, SO_##name, &on, sizeof(on))

static int (*real_setsockopt)(int, int, int, const void *, socklen_t);

static GSocket *glib(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */
	GSocket *s;

	connect(fd, sa, len);
	s = g_socket_new_from_fd(fd, NULL);
	g_socket_set_keepalive(s, TRUE);
	return s;
}

static GSocket *glib_off(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	GSocket *s;

	connect(fd, sa, len);
	s = g_socket_new_from_fd(fd, NULL);
	g_socket_set_keepalive(s, FALSE);
	return s;
}

static void libuv(uv_tcp_t *tcp, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	connect(fd, sa, len);
	uv_tcp_open(tcp, fd);
	uv_tcp_keepalive(tcp, 1, 60);
}

static int by_pointer(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	real_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int other_by_pointer(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	real_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int by_pointed(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	(*real_setsockopt)(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

/* HTTP's keep-alive is another thing, and so is a time. */
static int http(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	connect(fd, sa, len);
	http_set_keepalive(fd, 1);
	return keepalive_interval(fd, 60);
}

static int pasted(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	SETSO(fd, KEEPALIVE);
	return connect(fd, sa, len);
}

static int pasted_other(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	SETSO(fd, REUSEADDR);
	return connect(fd, sa, len);
}

/* Code that is put aside. */
static int aside(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
#ifdef notdef
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#endif
	return connect(fd, sa, len);
}

/* The process that gets the descriptor sets the option. */
static int send_to(int via, int fd)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct msghdr msg = { .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&msg);

	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &fd, sizeof(fd));
	return sendmsg(via, &msg, 0);
}

static int receive(int via)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct msghdr msg = { .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *cm;
	int fd;

	recvmsg(via, &msg, 0);
	cm = CMSG_FIRSTHDR(&msg);
	if (cm == NULL || cm->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(cm), sizeof(fd));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

static int serve(int via, struct sockaddr *sa, socklen_t len)
{
	int fd, l = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */

	bind(l, sa, len);
	listen(l, 5);
	fd = accept(l, NULL, NULL); /* want: covered tcp accepted */
	return send_to(via, fd);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	uv_tcp_t tcp;

	real_setsockopt = dlsym(RTLD_NEXT, "setsockopt");
	glib(sa, 1);
	glib_off(sa, 1);
	libuv(&tcp, sa, 1);
	by_pointer(sa, 1);
	by_pointed(sa, 1);
	other_by_pointer(sa, 1);
	http(sa, 1);
	pasted(sa, 1);
	pasted_other(sa, 1);
	aside(sa, 1);
	return argc > 1 ? serve(3, sa, 1) : receive(3);
}
