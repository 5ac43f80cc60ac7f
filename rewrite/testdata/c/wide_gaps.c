#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Each step has its comment, but for what ends the round, and two empty
   lines follow the check. */
void serve(int lfd, int (*work)(int), int (*greet)(int))
{
	int fd;

	while (1) {
		/* take the next one */
		fd = accept(lfd, NULL, NULL);

		/* nothing came */
		if (fd < 0)
			continue;


		/* say hello */
		greet(fd);

		/* do what is asked for */
		if (work(fd) < 0)
			break;

		/* good bye */
		close(fd);

		if (getppid() == 1)
			exit(0);

		continue;
	}
}

/* What the next option is for is said in words of its own. */
int dial(const struct sockaddr_in *sa)
{
	int fd, on = 1;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}


	/* Reuse the address */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		perror("SO_REUSEADDR");

	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}
