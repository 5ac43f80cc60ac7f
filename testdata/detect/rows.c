/* The members of one row of a table belong together. */
#include <sys/socket.h>

struct other { int domain, type; };
static const struct other other_table[] = {
	{ AF_UNIX, SOCK_STREAM },
	{ AF_INET, SOCK_DGRAM },
};

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
