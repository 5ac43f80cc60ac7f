#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include "net.h"

int serve(struct sockaddr_in *me);

int take(int from)
{
	int fd = accept(from, NULL, NULL);

	if (fd == -1) {
		complain("accept", NULL);
		return -1;
	}
	net_watch(&fd);
	return fd;
}

int main(void)
{
	struct sockaddr_in me = { AF_INET };
	int fd = serve(&me);

	while (fd != -1)
		take(fd);
	return 0;
}
