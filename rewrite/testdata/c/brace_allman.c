#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void serve(int fd);

void all(int lfd)
{
	int fd;

	while ((fd = accept(lfd, NULL, NULL)) >= 0)
		serve(fd);
}

void one(int lfd)
{
	int fd;

	if ((fd = accept(lfd, NULL, NULL)) >= 0) /* somebody */
		serve(fd);
	else
		perror("accept");
}

void other(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		perror("accept");
	else
		/* a comment stays where it is */
		serve(fd);
}

void three(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
	{
		perror("accept");
	}
	else
		serve(fd);
}

/* A directive in between: no braces. */
void four(int lfd)
{
	int fd;

	if ((fd = accept(lfd, NULL, NULL)) >= 0)
#ifdef TWICE
		serve(fd);
#else
		serve(fd);
#endif
}
