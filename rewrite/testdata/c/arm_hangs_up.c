#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

static int client[8];
static int clients;

void take(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd == -1)
		syslog(LOG_ERR, "accept failed: %m");
	else if (clients < 8) {
		client[clients++] = fd;
		syslog(LOG_NOTICE, "connected");
	}
	else {
		/* Too many. */
		close(fd);
	}
}

void take_one(int listener)
{
	int fd;

	if ((fd = accept(listener, NULL, NULL)) < 0)
		syslog(LOG_ERR, "accept failed: %m");
	else if (clients < 8)
		client[clients++] = fd;
	else
		close(fd);
}
