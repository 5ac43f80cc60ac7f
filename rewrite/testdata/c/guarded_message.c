#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void sys_lock(void);
void sys_unlock(void);
void post(const char *format, ...);

typedef struct cell { int kind; } *cell;
cell make_int(int n);
cell raise_with(const char *text);

/* The message is posted under the lock, and a descriptor behind a format is printed. */
int child(struct sockaddr_in *sa)
{
	int fd, arg;

	fd = socket(AF_INET, SOCK_STREAM, 0);
#ifdef DEBUG
	sys_lock(); post("new socket %d\n", fd); sys_unlock();
#endif
	if (fd < 0) {
		sys_lock(); post("no socket"); sys_unlock();
		return -1;
	}
	arg = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &arg, sizeof(arg)) < 0) {
		sys_lock(); post("setsockopt (SO_REUSEADDR) failed"); sys_unlock();
	}
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0) {
		sys_lock(); post("cannot connect"); sys_unlock();
		close(fd);
		return -1;
	}
	return fd;
}

static cell last;

/* What the callers return on a failure. */
cell sys_error(const char *who)
{
	if (last)
		return last;
	return last = raise_with(who);
}

cell do_close(int fd)
{
	if (close(fd) < 0)
		return sys_error("sys:close");
	return make_int(0);
}

cell do_dup(int fd)
{
	int r = dup(fd);

	if (r < 0)
		return sys_error("sys:dup");
	return make_int(r);
}

cell do_accept(int lfd)
{
	int r = accept(lfd, NULL, NULL);

	if (r < 0)
		return sys_error("sys:accept");
	return make_int(r);
}

/* A name in brackets is this function's own. */
void init_server(int lfd)
{
	int on = 1;

	if (setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		perror("[init_server] warning: setsockopt(SO_REUSEADDR)");
}

void tcp_handler(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd == -1) {
		perror("[tcp_handler] accept");
		return;
	}
	write(fd, "hello\n", 6);
	close(fd);
}
