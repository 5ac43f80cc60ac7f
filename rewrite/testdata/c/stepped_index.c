#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct client { int fd; char name[16]; };

static struct client clients[16];
static int nclients;
static int fds[16], *next = fds;

static int listener(struct sockaddr_in *sa)
{
	int lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	if (bind(lfd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(lfd, 5) < 0)
		return -1;
	return lfd;
}

void take(struct sockaddr_in *sa)
{
	int lfd = listener(sa);

	while (nclients < 16) {
		clients[nclients++].fd = accept(lfd, NULL, NULL);
		strcpy(clients[nclients-1].name, "new");
	}
}

void take_checked(struct sockaddr_in *sa)
{
	int lfd = listener(sa), n = 0;

	for (;;) {
		if ((fds[n++] = accept(lfd, NULL, NULL)) < 0) {
			perror("accept");
			return;
		}
		write(fds[n - 1], "hello\n", 6);
	}
}

void take_behind(struct sockaddr_in *sa)
{
	int lfd = listener(sa);

	for (;;) {
		*next++ = accept(lfd, NULL, NULL);
		write(next[-1], "hello\n", 6);
	}
}

void take_in_front(struct sockaddr_in *sa)
{
	int lfd = listener(sa), last = -1;

	while (last < 15) {
		fds[++last] = accept(lfd, NULL, NULL);
		write(fds[last], "hello\n", 6);
	}
}

/* Connects with descriptor 0, as what it starts reads from there. */
int as_stdin(struct sockaddr_in *sa)
{
	int fd;

	close(0);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) != 0) {
		fprintf(stderr, "cannot create socket (got %d, expected 0)\n", fd);
		return -1;
	}
	return connect(fd, (struct sockaddr *)sa, sizeof(*sa));
}
