#include <sys/types.h>
#include <sys/socket.h>
#include <stdio.h>

/* One statement is indented by blanks, all others by tabs. */
int take(int listener)
{
	int fd;

	fd = accept(listener, NULL, NULL);
        if (fd < 0) {
		perror("accept");
		return -1;
	}
	printf("connection on %d\n", fd);
	fflush(stdout);
	return fd;
}
