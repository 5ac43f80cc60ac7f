#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* What socketpair() is on systems that have none. */
int inet_pair(int fd[2])
{
	struct sockaddr_in addr, peer;
	socklen_t len = sizeof(addr);
	int lfd, cfd = -1, afd = -1;

	if ((lfd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return -1;
	memset(&addr, 0, sizeof(addr));
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(lfd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(lfd, 1) < 0)
		goto fail;
	if ((cfd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		goto fail;
	if (getsockname(lfd, (struct sockaddr *)&addr, &len) < 0)
		goto fail;
	if (connect(cfd, (struct sockaddr *)&addr, len) < 0)
		goto fail;
	len = sizeof(peer);
	if ((afd = accept(lfd, (struct sockaddr *)&peer, &len)) < 0)
		goto fail;
	close(lfd);
	fd[0] = cfd;
	fd[1] = afd;
	return 0;
fail:
	if (cfd >= 0)
		close(cfd);
	close(lfd);
	return -1;
}
