#include <sys/types.h>
#include <sys/socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void serve(int fd);

static int used(const char *slots)
{
	int n = 0;

	for (int i = 0; i < 8; i++)
		n += slots[i];
	return n;
}

/* The else begins with the declaration that forks: the block stands before it, as C99 lets it. */
int run(int l, const char *slots)
{
	int fd;

	while (used(slots) < 8) {
		if ((fd = accept(l, NULL, NULL)) < 0) {
			perror("accept");
		} else {
			pid_t pid = fork();

			if (pid == 0) {
				serve(fd);
				exit(0);
			}
			close(fd);
		}
	}
	return 0;
}
