#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A test of the descriptor for an option that few systems have is no check of the call. */
int create(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
#if defined(SO_NOSIGPIPE)
	if (s != -1)
		setsockopt(s, SOL_SOCKET, SO_NOSIGPIPE, NULL, 0);
#endif
#ifdef FD_CLOEXEC
	{
		int old = fcntl(s, F_GETFD, 0);
		if (old >= 0)
			fcntl(s, F_SETFD, old | FD_CLOEXEC);
	}
#endif
	return s;
}

/* Nor is one with braces. */
int create_braces(struct sockaddr_in *sa)
{
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
#ifdef SO_NOSIGPIPE
	if (s >= 0) {
		int on = 1;

		setsockopt(s, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
	}
#endif
	if (s < 0) {
		perror("socket");
		return -1;
	}
	if (connect(s, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		perror("connect");
	return s;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int s = create();

	if (s < 0 || connect(s, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 1;
	return create_braces(&sa) < 0;
}
