#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

void serve(int fd, int out);

/* Two blocks of one list, one of which tests the descriptor. */
void relay(int lfd, struct sockaddr *sa, socklen_t len)
{
	int fd, out;

	for (;;) {
		fd = accept(lfd, NULL, NULL);
		if (fd == -1 && len == 0)
			break;
		out = socket(AF_INET, SOCK_STREAM, 0);
		if (out == -1)
			continue;
		if (connect(out, sa, len) == 0)
			serve(fd, out);
	}
}

int reuse(void)
{
	struct sockaddr_in sin;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sin, 0, sizeof(sin));
	int yes = 1;
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(s, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(s, 5) < 0)
		return -1;
	relay(s, (struct sockaddr *)&sin, sizeof(sin));
	return 0;
}
