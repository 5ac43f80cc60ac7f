/* The members of one row of a table belong together. */
#include <sys/socket.h>

struct other { int domain, type; };
static const struct other other_table[] = {
	{ AF_UNIX, SOCK_STREAM },
	{ AF_INET, SOCK_DGRAM },
};

struct mode { int domain, type; };
static struct mode modes[] = {
	{ AF_UNIX, SOCK_STREAM },
	{ AF_INET, SOCK_DGRAM },
};

/* A table that is changed says nothing by its rows. */
static void change(struct sockaddr *sa, socklen_t len)
{
	struct mode *m;
	int fd;

	modes[1].type = SOCK_STREAM;
	for (m = modes; m < modes + 2; m++) {
		fd = socket(m->domain, m->type, 0); /* want: missing maybe-tcp client */
		connect(fd, sa, len);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	int fd, i;

	for (i = 0; i < 2; i++) {
		fd = socket(other_table[i].domain, other_table[i].type, 0); /* want: not-tcp */
		connect(fd, sa, argc);
	}
	return 0;
}
