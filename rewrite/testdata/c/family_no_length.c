/* options: idle=60 */
/* accept() gets no room for the address, so that its family is not known there. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int serve(const char *name)
{
	struct sockaddr_storage ss;
	struct sockaddr addr;
	socklen_t len;
	int lfd, fd;

	memset(&ss, 0, sizeof(ss));
	ss.ss_family = name[0] == '/' ? AF_UNIX : AF_INET;
	lfd = socket(ss.ss_family, SOCK_STREAM, 0);
	if (lfd < 0 || bind(lfd, (struct sockaddr *)&ss, sizeof(ss)) < 0 || listen(lfd, 5) < 0)
		return -1;
	for (;;) {
		len = 0;
		fd = accept(lfd, &addr, &len);
		if (fd < 0) {
			perror("accept");
			continue;
		}
		if (write(fd, "hello\n", 6) < 0)
			perror("write");
		close(fd);
	}
}
