#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <assert.h>
#include <stdio.h>

/* The check goes on, and an assertion ends what it let pass. */
int take(int listener, struct sockaddr *peer)
{
	socklen_t len = sizeof(struct sockaddr_in);
	int fd = accept(listener, peer, &len);

	if (fd < 0)
		perror("accept");
	assert(fd >= 0);
	return fd;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	return take(l, (struct sockaddr *)&sa);
}
