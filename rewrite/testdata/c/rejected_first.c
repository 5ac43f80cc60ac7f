#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void serve(int fd);

void run(int listener, int most)
{
	const char *error = "too many clients";
	int fd, count = 0;

	while (1) {
		fd = accept(listener, NULL, NULL);
		if (count >= most) {
			send(fd, error, strlen(error), 0);
			shutdown(fd, 2);
			return;
		}
		if (fd > 0) {
			count++;
			serve(fd);
		}
	}
}
