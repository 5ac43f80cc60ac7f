#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void serve(int fd);

/* The break behind exit() is never met: what comes behind the check has a descriptor. */
int run(int l)
{
	int fd;

	for (;;) {
		fd = accept(l, NULL, NULL);
		if (fd < 0) {
			switch (errno) {
			case EINTR:
				continue;
			case EMFILE:
				sleep(1);
				continue;
			default:
				perror("accept");
				exit(1);
				break;
			}
		}
		serve(fd);
	}
}
