#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

void serve(int fd);

/* No declaration between the one that makes the descriptor and its check: with the others. */
int take(int listener)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);

	int fd = accept(listener, (struct sockaddr *)&peer, &len);
	if (fd < 0) {
		perror("accept");
		return fd;
	}
	return fd;
}

/* Before it, where there are no others. */
void once(int listener)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return;
	serve(fd);
}

/* Before the block, in a list that declares among its statements. */
void loop(int listener)
{
	int n = 0;

	while (n < 10) {
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		int old = n++;
		printf("%d\n", old);
		serve(fd);
	}
}

/* Behind it, where the check is left out. */
void trusting(int listener)
{
	int fd = accept(listener, NULL, NULL);

	serve(fd);
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	once(l);
	loop(l);
	trusting(l);
	return take(l);
}
