/* options: idle=60 interval=10 count=6 */
/* Sockets of another stack than the system's: its own header declares the timers, and
 * no such code is built for Apple. */
#include <stdio.h>
#include <string.h>

#include <lwip/sockets.h>

int serve(const struct sockaddr_in *sin)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0 || bind(lfd, (const struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(lfd, 5) < 0)
		return -1;
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		printf("accept failed\n");
		return -1;
	}
	return fd;
}
