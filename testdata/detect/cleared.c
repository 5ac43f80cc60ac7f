/* An address that is filled, and cleared again on the way that is switched off. */
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_storage local, either;

static bool local_address(struct sockaddr_storage *sa, const char *path)
{
	memset(sa, 0, sizeof(*sa));
	if (path[0] != '/') {
		int af = AF_INET;

		if (path[0] == '[')
			af = AF_INET6;
		sa->ss_family = af;
#if 1
		memset(sa, 0, sizeof(*sa));
		return false;
#endif
	} else {
		struct sockaddr_un *un = (struct sockaddr_un *)sa;

		un->sun_family = AF_UNIX;
		strncpy(un->sun_path, path, sizeof(un->sun_path) - 1);
	}
	return true;
}

/* Here only one of the ways clears it. */
static bool any_address(struct sockaddr_storage *sa, const char *path)
{
	if (path[0] != '/') {
		sa->ss_family = AF_INET;
		if (path[0] == '!') {
			memset(sa, 0, sizeof(*sa));
			return false;
		}
	} else {
		sa->ss_family = AF_UNIX;
	}
	return true;
}

int dial_local(void)
{
	int fd = socket(local.ss_family, SOCK_STREAM, 0); /* want: not-tcp client */

	return fd == -1 ? -1 : connect(fd, (struct sockaddr *)&local, sizeof(local));
}

int dial_any(void)
{
	int fd = socket(either.ss_family, SOCK_STREAM, 0); /* want: missing maybe-tcp client */

	return fd == -1 ? -1 : connect(fd, (struct sockaddr *)&either, sizeof(either));
}

int main(int argc, char **argv)
{
	if (argc < 2 || !local_address(&local, argv[1]) || !any_address(&either, argv[1]))
		return 1;
	return dial_local() + dial_any();
}
