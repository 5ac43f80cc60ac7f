/* What is told on stderr is told in the log, too. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

int serve(int lfd)
{
	int yes = 1;
	int fd;

	if (setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == -1) {
		perror("setsockopt() error");
		syslog(LOG_ERR, "setsockopt() error");
		close(lfd);
		return -1;
	}
	fd = accept(lfd, NULL, NULL);
	if (fd == -1) {
		perror("accept() error");
		syslog(LOG_ERR, "accept() error");
		return -1;
	}
	return fd;
}
