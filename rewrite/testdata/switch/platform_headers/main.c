#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <sys/types.h>
#include <sys/socket.h>
#if defined(__FreeBSD__) || defined(__APPLE__)
#include <netinet/in.h>
#endif
#include <arpa/inet.h>

int tell(int cfd, int sfd);

static int opened;

static int listening(struct sockaddr_in *sa)
{
	socklen_t len = sizeof(*sa);
	int fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	opened++;
	memset(sa, 0, sizeof(*sa));
	sa->sin_family = AF_INET;
	sa->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)sa, &len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(int argc, char *argv[])
{
	struct sockaddr_in sa;
	int lfd, cfd, sfd, c;

	while ((c = getopt(argc, argv, "v")) != -1) {
		if (c == 'v')
			puts("verbose");
		else
			return 2;
	}
	lfd = listening(&sa);
	if (lfd < 0)
		return 1;
	cfd = socket(AF_INET, SOCK_STREAM, 0);
	if (cfd < 0)
		return 1;
	if (connect(cfd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 1;
	sfd = accept(lfd, NULL, NULL);
	if (sfd < 0)
		return 1;
	return tell(cfd, sfd);
}
