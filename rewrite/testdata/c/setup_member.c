#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <assert.h>
#include <errno.h>
#include <unistd.h>

#define errno_assert(x) assert((x) || !errno)

struct sock {
	int s;
	int state;
};

static void sock_init_from_fd(struct sock *self, int s)
{
	int rc, opt;

	self->s = s;
	opt = 1;
	rc = setsockopt(self->s, IPPROTO_TCP, TCP_NODELAY, &opt, sizeof(opt));
	errno_assert(rc == 0);
	self->state = 1;
}

int sock_start(struct sock *self, struct sockaddr_in *sa)
{
	int s;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		return -errno;
	sock_init_from_fd(self, s);
	return connect(self->s, (struct sockaddr *)sa, sizeof(*sa));
}

int sock_accept(struct sock *self, struct sock *listener)
{
	int s;

	s = accept(listener->s, NULL, NULL);
	if (s < 0)
		return -errno;
	sock_init_from_fd(self, s);
	return 0;
}
