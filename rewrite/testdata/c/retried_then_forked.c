#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int communicate(int fd);

void serve(int listener)
{
	while (1) {
		int fd;

		while ((fd = accept(listener, NULL, NULL)) == -1 && errno == EINTR)
			;
		if (fd == -1) {
			perror("accept");
		} else {
			int r = fork();

			if (r == 0)
				_exit(communicate(fd));
			close(fd);
		}
	}
}
