#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int report(int level,
		   const char *fmt,
		   const char *arg);

int
take(int lfd)
{
	int			fd;
	int			one = 1;

	if ((fd = accept(lfd,
					 NULL,
					 NULL)) < 0)
	{
		report(1, "could not accept: %s",
			   strerror(errno));
		return -1;
	}

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY,
				   (char *) &one, sizeof(one)) < 0)
	{
		report(1, "could not set TCP_NODELAY: %s",
			   strerror(errno));
		close(fd);
		return -1;
	}

	return fd;
}
