#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define T_FATAL    0x1
#define T_NONFATAL 0x2
#define T_ERRNO    0x4
#define LEVEL(n, how) ((n) << 4 | (how))
#define D_LINK     LEVEL(1, T_NONFATAL) /* what a peer does ends nothing */
#define T_ERR      (T_FATAL | T_ERRNO)

static void tell(int level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (level & T_ERRNO)
		fprintf(stderr, ": %s", strerror(errno));
	fputc('\n', stderr);
	if (level & T_FATAL)
		exit(1);
}

int take(int listener, struct sockaddr *peer, socklen_t *len, socklen_t want)
{
	int s = accept(listener, peer, len);

	if (s == -1) {
		tell(D_LINK | T_ERRNO, "link: accept failed");
	} else if (want && *len != want) {
		tell(D_LINK, "link: strange address of %d bytes", (int)*len);
	} else {
		send(s, "hello\n", 6, 0);
	}
	return s;
}

int take_in(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s == -1)
		tell(T_ERR, "link: socket failed");
	listen(s, 5);
	return s;
}

int main(void)
{
	struct sockaddr peer;
	socklen_t len = sizeof(peer);

	return take(take_in(), &peer, &len, 0) < 0;
}
