#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

struct server {
	int listener, peer;
	struct sockaddr_in addr;
	socklen_t size;
};

/* No function declares anything: each begins with a comment, or with an empty line. */
int take(struct server *s)
{
	// get the size of the address
	s->size = sizeof(s->addr);
	// accept connection
	s->peer = accept(s->listener, (struct sockaddr *)&s->addr, &s->size);
	if (s->peer < 0) {
		fprintf(stderr, "SERVER: error on accept.\n");
		return 0;
	}
	return 1;
}

void reach(struct server *s)
{

	s->peer = socket(AF_INET, SOCK_STREAM, 0);
	if (s->peer < 0) {
		fprintf(stderr, "CLIENT: error opening socket\n");
	}
	if (connect(s->peer, (struct sockaddr *)&s->addr, sizeof(s->addr)) < 0) {
		fprintf(stderr, "CLIENT: error connecting\n");
		exit(1);
	}
}
