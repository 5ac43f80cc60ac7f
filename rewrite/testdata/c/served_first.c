#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct req {
	int fd;
	char line[128];
};

extern int serve_tls(int fd);
extern int serve_plain(int fd);

/* The good case first, the failures behind it. */
int take_one(int lsock, int tls)
{
	int s, r = 0;

	s = accept(lsock, NULL, NULL);
	if (s >= 0 && tls)
		r = serve_tls(s);
	else if (s >= 0)
		r = serve_plain(s);
	else if (errno == EMFILE)
		r = -2;
	else
		r = -1;
	if (s >= 0)
		close(s);
	return r;
}

int lsock_open(const struct sockaddr_in *at)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0 || bind(s, (const struct sockaddr *)at, sizeof(*at)) < 0 || listen(s, 5) < 0)
		return -1;
	return s;
}
