#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#define PRIO_ERROR 1
#define PRIO_WARNING 2

extern void prog_log(int prio, const char *fmt, ...);
extern void sock_geterrmsg(char *buf, int len, const char *fmt, ...);

int next_client(int lfd)
{
	char errbuf[80];
	fd_set rfds;
	int fd;

	FD_ZERO(&rfds);
	FD_SET(lfd, &rfds);
	if (select(lfd + 1, &rfds, NULL, NULL, NULL) < 0) {
		prog_log(PRIO_ERROR, "select failed: %s", strerror(errno));
		exit(2);
	}
	if (!FD_ISSET(lfd, &rfds))
		prog_log(PRIO_WARNING, "can't happen");
	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		sock_geterrmsg(errbuf, sizeof(errbuf), "accept() failed");
		prog_log(PRIO_ERROR, "Accept failed: %s", errbuf);
		return -1;
	}
	return fd;
}
