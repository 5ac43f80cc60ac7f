#define _GNU_SOURCE
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int listen_on(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	int one = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		perror("setsockopt SO_REUSEADDR");
	return listen(fd, 5) < 0 ? -1 : fd;
}

static int take(int l)
{
	int s;
#if defined(HAVE_ACCEPT4)
	s = accept4(l, NULL, NULL, SOCK_CLOEXEC);
	if (s >= 0)
		return s;
	if (errno != ENOSYS)
		return s;
	int tries = 1;
	printf("%d\n", tries);
#endif
	s = accept(l, NULL, NULL);
	if (s < 0)
		return s;
	int mixed = s;
	return mixed;
}

int main(void)
{
	struct sockaddr_in sa;
	memset(&sa, 0, sizeof(sa));
	int l = listen_on(&sa);
	return l < 0 ? 1 : take(l) < 0;
}
