#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

struct session {
	struct session *next;
	int fd;
};

static struct session *sessions;

static int full(int max)
{
	if (!sessions)
		return 0;
	int n = 1;
	for (struct session *s = sessions; s->next; s = s->next)
		n++;
	return n >= max;
}

/* A session of its own for each peer; the child serves it. */
static struct session *new_session(int fd)
{
	struct session *s = malloc(sizeof(*s));
	char c;

	if (!s)
		return NULL;
	if (fork() == 0) {
		while (read(fd, &c, 1) == 1)
			write(fd, &c, 1);
		_exit(0);
	}
	s->fd = fd;
	return s;
}

int serve(struct sockaddr_in *sa)
{
	int on = 1;
	int lfd = socket(AF_INET, SOCK_STREAM, 0);

	if (lfd < 0)
		return -1;
	(void)setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(lfd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(lfd, 1) < 0)
		return -1;
	do {
		int fd;

		if (full(10))
			break;
		if ((fd = accept(lfd, NULL, NULL)) < 0) {
			continue;
		} else {
			/* Put it on the list. */
			struct session *s = new_session(fd);
			if (s) {
				s->next = sessions;
				sessions = s;
			} else {
				close(fd);
			}
		}
	} while (1);
	return 0;
}
