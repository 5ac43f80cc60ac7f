/* options: idle=60 interval=10 count=5 */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


typedef int (*opener)(int domain);
void library_opens_with(opener open);
void serve(int fd);

static int tcp_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

int first(struct sockaddr_in *sa)
{
	int fd = tcp_socket();

	if (fd < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int second(struct sockaddr_in *sa)
{
	int fd = tcp_socket();

	if (fd < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int third(struct sockaddr_in *sa)
{
	int fd = tcp_socket();

	if (fd < 0)
		return -1;
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == 0 ? fd : -1;
}

int loop(struct sockaddr_in *sa)
{
	int lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0) {
		perror("socket");
		return -1;
	}
	if (bind(lfd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(lfd, 5) < 0)
		return -1;
	for (;;)
		serve(accept(lfd, NULL, NULL));
}
