#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

/* One descriptor could be given up as the sibling's is, the accepted one may
   not: in one function both only report. */
int pair(const struct sockaddr_in *sin, int lfd)
{
	int on = 1, ret, out, in;

	out = socket(AF_INET, SOCK_STREAM, 0);
	if (out < 0) {
		fprintf(stderr, "pair: creating socket failed\n");
		return -1;
	}

	ret = setsockopt(out, SOL_SOCKET, SO_REUSEADDR, (void *)&on,
			 sizeof(on));
	if (ret < 0) {
		fprintf(stderr, "pair: SO_REUSEADDR failed\n");
		close(out);
		return -1;
	}
	if (connect(out, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		close(out);
		return -1;
	}

	in = accept(lfd, NULL, NULL);
	if (in < 0) {
		fprintf(stderr, "pair: accept failed\n");
		close(out);
		return -1;
	}

	return in;
}
