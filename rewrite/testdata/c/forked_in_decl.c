#include <sys/types.h>
#include <sys/socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void serve(int fd);

static int used(const char *slots)
{
	if (slots == NULL)
		return 0;
	int n = slots[0];

	return n + slots[1];
}

/* The else begins with the declaration that forks: the block stands before it, as the file declares anyway. */
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
