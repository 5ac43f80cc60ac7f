/* options: idle=60 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void handle(int fd);

static int serve(int family, struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_storage peer;
	socklen_t plen = sizeof(peer);
	int c, l;

	l = socket(family, SOCK_STREAM, 0);
	if (l < 0 || bind(l, sa, len) < 0 || listen(l, 5) < 0)
		return -1;
	c = accept(l, (struct sockaddr *)&peer, &plen);
	if (c < 0) {
		perror("accept");
		return -1;
	}
	handle(c);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un un;
	struct sockaddr_in in;

	(void)argv;
	memset(&un, 0, sizeof(un));
	memset(&in, 0, sizeof(in));
	if (argc > 1)
		return serve(AF_UNIX, (struct sockaddr *)&un, sizeof(un));
	return serve(AF_INET, (struct sockaddr *)&in, sizeof(in));
}
