#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

void die(int status, const char *fmt, ...) __attribute__((noreturn));
void say(const char *fmt, ...);
int seal_text(int fd, const char *text);

int take(struct sockaddr_in *me, const char *who)
{
	int l, fd;

	l = socket(AF_INET, SOCK_STREAM, 0);
	if (l < 0)
		die(1, "failed to make a socket for %s", who);
	if (bind(l, (struct sockaddr *)me, sizeof(*me)) < 0)
		die(1, "failed to bind the socket for %s", who);
	if (listen(l, 1) < 0)
		die(1, "failed to listen for %s", who);
	fd = accept(l, NULL, NULL);
	if (fd < 0)
		die(1, "failed to accept the socket for %s", who);
	close(l);
	return fd;
}

int seal(int fd, const char *who)
{
	int n = seal_text(fd, "foo");

	if (n) {
		say("seal_text failed to host: %s", who);
		return n;
	}
	return 0;
}
