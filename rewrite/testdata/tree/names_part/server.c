#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <errno.h>
#include "log.h"

static void take(int l)
{
	int c = accept(l, NULL, NULL);

	if (c == -1) {
		Log(1, "server accept(): %s", strerror(errno));
		return;
	}
	Log(4, "server got %d", c);
	serve(c);
}

int server(int port)
{
	struct sockaddr_in sa = { AF_INET };
	int opt = 1;
	int l;

	if ((l = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		Log(1, "server socket(): %s", strerror(errno));
		return -1;
	}
	if (setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof opt) == -1)
		Log(1, "server setsockopt (SO_REUSEADDR): %s", strerror(errno));
	sa.sin_port = htons(port);
	if (bind(l, (struct sockaddr *)&sa, sizeof sa) == -1 || listen(l, 5) == -1) {
		Log(1, "server bind(): %s", strerror(errno));
		return -1;
	}
	for (;;)
		take(l);
}
