#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static int take(int l)
{
	int fd = accept(l, NULL, NULL);
	if (fd == -1) {
		perror("accept");
		return -1;
	} else
		return fd;
}

int main(void)
{
	struct sockaddr_in sa;
	int l = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sa, 0, sizeof(sa));
	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 5) < 0)
		return 1;
	return take(l) < 0;
}
