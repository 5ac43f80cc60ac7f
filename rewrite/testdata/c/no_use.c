#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int spare = -1;

void reserve(void)
{
	spare = socket(AF_INET, SOCK_STREAM, 0);
}

int next_client(int lfd)
{
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		close(spare);
		reserve();
		return -1;
	}
	return fd;
}
