#include <stdio.h>
#include <unistd.h>

#include "net.h"

int main(void)
{
	char why[WHY_LEN];
	char c;
	int lfd, fd;

	lfd = net_listen(why, 7000);
	if (lfd < 0) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	while ((fd = net_accept(why, lfd)) >= 0) {
		while (read(fd, &c, 1) == 1)
			putchar(c);
		close(fd);
	}
	return 0;
}
