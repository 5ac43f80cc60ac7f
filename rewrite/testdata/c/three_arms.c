#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void handle(int fd);

int step(int l4, int l6, int which)
{
	int c;

	if (which == 4)
		c = accept(l4, NULL, NULL);
	else if (which == 6)
		c = accept(l6, NULL, NULL);
	else
		return -1;

	if (c < 0)
		return -1;
	handle(c);
	return 0;
}

int main(void)
{
	struct sockaddr_in sa;
	int l4 = socket(AF_INET, SOCK_STREAM, 0), l6 = socket(AF_INET6, SOCK_STREAM, 0);

	memset(&sa, 0, sizeof(sa));
	if (l4 < 0 || l6 < 0 || bind(l4, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l4, 5) < 0 || listen(l6, 5) < 0)
		return 1;
	return step(l4, l6, 4);
}
