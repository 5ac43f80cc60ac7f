/* Calls by another name, as portability headers give them. */
#include <sys/socket.h>
#include <netinet/in.h>

#define SOCKET_CONNECT connect
#define SOCKET_SETOPT setsockopt

static const int on = 1;

int dial(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client KA001 */

	return SOCKET_CONNECT(fd, (struct sockaddr *)sin, sizeof(*sin)) ? -1 : fd;
}

int dial_alive(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client set */

	SOCKET_SETOPT(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, (struct sockaddr *)sin, sizeof(*sin)) ? -1 : fd;
}

#include <unistd.h>

int rpl_dup2(int from, int to);
#define dup2 rpl_dup2

void serve_stdin(int lfd)
{
	int fd = accept(lfd, 0, 0); /* want: covered maybe-tcp accepted set */

	dup2(fd, STDIN_FILENO);
	setsockopt(STDIN_FILENO, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}
