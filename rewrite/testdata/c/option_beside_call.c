#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

/* Says which call failed, for what, and why if errno does not say it. */
void call_failed(const char *call, const char *what, const char *why);

int server(struct sockaddr_in *me)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		call_failed("socket", 0, 0);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on))) {
		call_failed("setsockopt", "SO_REUSEADDR", 0);
		close(fd);
		return -1;
	}
	if (bind(fd, (struct sockaddr *)me, sizeof(*me)) || listen(fd, 5)) {
		call_failed("bind", 0, 0);
		close(fd);
		return -1;
	}
	return fd;
}

int client(struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1) {
		call_failed("socket", 0, 0);
		return -1;
	}
	if (connect(fd, (struct sockaddr *)to, sizeof(*to))) {
		call_failed("connect", 0, 0);
		close(fd);
		return -1;
	}
	return fd;
}
