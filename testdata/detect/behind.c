/* Settings that are changed in ways that are hard to see: keepalive may be on. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SET(var, value) do { (var) = (value); } while (0)
#define ENABLE(what) with_##what = 1
#ifndef BUILT_WITH
#define BUILT_WITH 0
#endif
#define LEFT_OUT 0

struct settings {
	int keep;
};

static struct settings assigned, copied, scanned;
static int by_macro, with_name, by_address, by_call;
static const int never = 0;
static const int one = 1;

static void store(int *where, int value)
{
	*where = value;
}

static int done(int fd, int keep, struct sockaddr *sa, socklen_t len)
{
	if (keep)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return connect(fd, sa, len);
}

static int all(struct sockaddr *sa, socklen_t len)
{
	int a = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int b = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int c = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int d = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int e = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int f = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int g = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int h = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */
	int i = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
	int j = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	done(a, assigned.keep, sa, len);
	done(b, copied.keep, sa, len);
	done(c, scanned.keep == 7, sa, len);
	done(d, by_macro > 0, sa, len);
	done(e, with_name, sa, len);
	done(f, by_address, sa, len);
	done(g, by_call, sa, len);
	done(h, BUILT_WITH, sa, len);
	done(i, never, sa, len);
	return done(j, LEFT_OUT, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	int *p = &by_address;

	assigned = (struct settings){ .keep = argc };
	memcpy(&copied, argv[0], sizeof(copied));
	sscanf(argv[1], "%d", &scanned.keep);
	SET(by_macro, argc);
	ENABLE(name);
	*p = argc;
	store(&by_call, argc);
	return all(sa, 1);
}
