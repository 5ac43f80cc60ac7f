#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <err.h>
#include <string.h>
#include <unistd.h>

#ifndef HAVE_ERR
void err(int, const char *, ...);
#endif
#ifndef HAVE_WARN
void warn(const char *, ...);
#endif

/* Nothing says that warn() is there with HAVE_WARN: what err() says is no pattern here. */
int serve(int port)
{
	struct sockaddr_in sa;
	int s, fd, on = 1;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) == -1)
		err(1, "socket");
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		err(1, "setsockopt(SO_REUSEADDR)");
	memset(&sa, 0, sizeof(sa));
	sa.sin_port = htons(port);
	if (bind(s, (struct sockaddr *)&sa, sizeof(sa)) == -1 || listen(s, 5) == -1)
		err(1, "bind");
	fd = accept(s, NULL, NULL);
	if (fd == -1)
		return -1;
	return fd;
}
