/* What an accept() takes from. */
#include <linux/if_alg.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* A function that accepts for two servers, of which one sets the option. */
static int take(int lfd)
{
	return accept(lfd, NULL, NULL); /* want: covered tcp accepted conditional */
}

static int server(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */
	int on = 1, client;

	if (fd == -1 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(fd, 5) == -1)
		return -1;
	client = take(fd);
	setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return client;
}

static int bare(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	if (fd == -1 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(fd, 5) == -1)
		return -1;
	return take(fd);
}

/* One listener, handed to the same function by both kinds of callers. */
static int listening(int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	if (fd == -1 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(fd, 5) == -1)
		return -1;
	return fd;
}

static int with_option(void)
{
	int on = 1, fd = listening(9), client = take(fd);

	setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return client;
}

static int without_option(void)
{
	int fd = listening(10);

	return take(fd);
}

/* The kernel's ciphers: a socket that was accepted is accepted from again. */
struct hash {
	int alg, op;
};

int hash_open(struct hash *h)
{
	struct sockaddr_alg sa = { .salg_family = AF_ALG, .salg_type = "hash", .salg_name = "sha256" };

	h->alg = socket(AF_ALG, SOCK_SEQPACKET, 0); /* want: not-tcp */
	if (h->alg == -1 || bind(h->alg, (struct sockaddr *)&sa, sizeof(sa)) == -1)
		return -1;
	h->op = accept(h->alg, NULL, NULL); /* want: not-tcp accepted */
	return h->op;
}

int hash_copy(struct hash *to, const struct hash *from)
{
	to->op = accept(from->op, NULL, NULL); /* want: not-tcp accepted */
	return to->op;
}

/* Nobody calls it, and what it makes is up to its callers. */
int open_close_on_exec(int domain, int type, int protocol)
{
	return socket(domain, type | SOCK_CLOEXEC, protocol); /* want: undecided */
}

/* One helper for streams and datagrams: accept() has only to do with streams. */
static int bound(int stream, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0); /* want: missing maybe-tcp listener */

	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		return -1;
	if (stream)
		listen(fd, 5);
	return fd;
}

int data_channel(int stream, int port)
{
	int fd = bound(stream, port);

	return stream ? accept(fd, NULL, NULL) : fd; /* want: missing tcp accepted */
}

/* A library's own way to connect. */
int store_connect(int fd, const char *name);

int to_store(void)
{
	int fd = socket(PF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	if (fd != -1 && store_connect(fd, "store") == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(void)
{
	struct hash a, b;

	if (hash_open(&a) == -1 || hash_copy(&b, &a) == -1)
		return 1;
	return server(7) == -1 || bare(8) == -1 || with_option() == -1 || without_option() == -1;
}
