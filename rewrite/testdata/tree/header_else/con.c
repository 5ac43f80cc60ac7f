#include <string.h>
#include "sysdeps.h"

int serve(const struct sockaddr_in *sin)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0 || bind(lfd, (const struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(lfd, 5) < 0)
		return -1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		perror("accept");
		return -1;
	}
	return fd;
}
