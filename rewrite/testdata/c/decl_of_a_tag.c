#include <sys/types.h>
#include <sys/socket.h>

/* A declaration may declare a tag and no variable. */
int first(const struct sockaddr *to, socklen_t len)
{
	struct pair { int a, b; };
	enum { LOW, HIGH };
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	return connect(fd, to, len);
}

int shared;

int second(const struct sockaddr *to, socklen_t len)
{
	struct pair { int a, b; };

	shared = socket(AF_INET, SOCK_STREAM, 0);
	if (shared < 0)
		return -1;
	return connect(shared, to, len);
}
