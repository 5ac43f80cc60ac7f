/* Kinds of sockets that callers choose by flags, booleans and enumerators. */
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define F_STREAM 0x01
#define F_LISTEN 0x02
#define F_REUSE (1 << 4)

enum mode { MODE_DATAGRAM, MODE_STREAM };

static int by_flags(int flags)
{
	struct sockaddr_in sin = { AF_INET };
	int type, fd;

	if (flags & F_STREAM)
		type = SOCK_STREAM;
	else
		type = SOCK_DGRAM;
	fd = socket(AF_INET, type, 0); /* want: missing maybe-tcp listener */
	bind(fd, (struct sockaddr *)&sin, sizeof(sin));
	if (flags & F_LISTEN)
		listen(fd, 5);
	return fd;
}

static int never_stream(int tcp)
{
	return socket(AF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0); /* want: not-tcp */
}

static int by_mode(enum mode m)
{
	int type = -1;

	switch (m) {
	case MODE_STREAM:
		type = SOCK_STREAM;
		break;
	case MODE_DATAGRAM:
		type = SOCK_DGRAM;
		break;
	}
	return socket(AF_INET, type, 0); /* want: not-tcp */
}

static int by_number(int want)
{
	int type = SOCK_STREAM;

	if (want == 17)
		type = SOCK_DGRAM;
	return socket(AF_INET, type, 0); /* want: not-tcp */
}

/* What is not a constant may be anything. */
static int by_user(int udp)
{
	int fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0); /* want: missing maybe-tcp client */
	struct sockaddr_in sin = { AF_INET };

	connect(fd, (struct sockaddr *)&sin, sizeof(sin));
	return fd;
}

/* Neither is what the function changes itself. */
static int changed(int udp)
{
	if (getenv("TCP"))
		udp = 0;
	return socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0); /* want: missing maybe-tcp */
}

int main(int argc, char **argv)
{
	int lfd = by_flags(F_STREAM | F_LISTEN | F_REUSE);
	int fd;

	by_flags(F_REUSE);
	never_stream(0);
	by_mode(MODE_DATAGRAM);
	by_number(0x11);
	by_user(argc > 1);
	changed(1);
	fd = accept(lfd, NULL, NULL); /* want: missing tcp accepted */
	return write(fd, argv[0], 1) < 0;
}
