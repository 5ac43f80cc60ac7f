#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void serve(int fd);
int fds[16];

void side_effect(int lfd, int n)
{
	fds[n++] = accept(lfd, NULL, NULL);
	serve(n);
}

void branch(int lfd)
{
	int fd;

	switch (fd = accept(lfd, NULL, NULL)) {
	case -1:
		perror("accept");
		break;
	default:
		serve(fd);
	}
}

void one_line(int lfd)
{
	int fd = accept(lfd, NULL, NULL); if (fd < 0) return; serve(fd);
}

void in_for(int lfd)
{
	int fd;

	for (fd = accept(lfd, NULL, NULL); fd >= 0; fd = accept(lfd, NULL, NULL))
		serve(fd);
}

/* Nothing takes it: nothing is done. */
void dropped(int lfd)
{
	accept(lfd, NULL, NULL);
}

/* Nobody has it afterwards. */
void compared(int lfd)
{
	if (accept(lfd, NULL, NULL) < 0)
		perror("accept");
}
