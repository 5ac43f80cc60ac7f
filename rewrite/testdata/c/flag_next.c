#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

void serve(int fd);

/* The next call declares a variable that is 1: the block has it, too. */
void take(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd == -1) {
		perror("accept");
		return;
	}

	int yes = 1;
	ioctl(fd, FIONBIO, &yes);
	serve(fd);
	yes = 0;
	ioctl(fd, FIONBIO, &yes);
	close(fd);
}

/* Here it gets its 1 behind a look at what it is. */
int ask(struct sockaddr_in *sa)
{
	int fd, rc;
	int opt;
	socklen_t len = sizeof(opt);

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0) {
		rc = getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, &len);
		opt = 1;
		rc = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
		rc = connect(fd, (struct sockaddr *)sa, sizeof(*sa));
		printf("%d\n", rc);
	}
	return fd;
}

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	take(l);
	return ask(&sa);
}
