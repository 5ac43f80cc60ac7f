/*
 * Runs a program on its paths. Each path is a child; what it asks for (inputs, whether
 * a call fails) is answered in depth-first order, and at random behind a number of paths.
 * For each socket it prints where it was made, what became of it, and where
 * SO_KEEPALIVE was turned on:
 *
 *	a.c:12 bare a.c:20 a.c:31
 *
 * A call with a descriptor that is closed is printed as "a.c:33 closed". With an
 * argument setting an option fails.
 */
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int prog_main(void);

struct sockaddr_storage any_addr;
socklen_t addr_len;

enum { CHOICES = 60, SOCKETS = 64, PATHS = 250 };
static int script[CHOICES], arity[CHOICES], planned, asked, at_random, failing, accepts;
static FILE *out;

static struct sock {
	char site[64], sets[400];
	int tcp, stream, listening, connected, data, keep, off, refs, from, accepted;
} socks[SOCKETS];
static struct { int sock, open; } descs[SOCKETS];
static int nsocks, ndescs;

static void finish(int valid)
{
	int i, k;

	if (valid) {
		for (i = 0; i < nsocks; i++) {
			struct sock *s = &socks[i];
			const char *what = "unused";
			if (!s->tcp)
				what = "other";
			else if (s->from < 0 && s->listening) {
				what = s->keep ? "on" : "listener";
				for (k = 0; k < nsocks; k++)
					if (socks[k].from == i && !socks[k].keep && !socks[k].off && (socks[k].data || socks[k].refs))
						what = s->keep ? "on" : "feeds-bare";
			} else if (s->from >= 0 && !s->data && !s->refs)
				what = "unused";
			else if (s->connected || s->from >= 0)
				what = s->keep ? "on" : s->off ? "off" : "bare";
			fprintf(out, "%s %s%s\n", s->site, what, s->sets);
		}
	}
	fprintf(out, "#");
	for (i = 0; i < asked && i < CHOICES; i++)
		fprintf(out, " %d/%d", script[i], arity[i]);
	fprintf(out, "\n");
	fflush(out);
	_exit(0);
}

int input_value(int n)
{
	if (asked >= CHOICES)
		finish(0);
	if (asked >= planned)
		script[asked] = at_random ? rand() % n : 0;
	arity[asked] = n;
	return script[asked++];
}

int input_at(int n, int index)
{
	static int kept[1000];

	if (index >= 1000)
		finish(0);
	if (!kept[index])
		kept[index] = 1 + input_value(n);
	return kept[index] - 1;
}

static int open_sock(struct sock s)
{
	if (nsocks == SOCKETS || ndescs == SOCKETS)
		finish(0);
	s.refs = 1;
	socks[nsocks] = s;
	descs[ndescs].sock = nsocks++;
	descs[ndescs].open = 1;
	return 3 + ndescs++;
}

static struct sock *at(int fd)
{
	return fd >= 3 && fd - 3 < ndescs && descs[fd - 3].open ? &socks[descs[fd - 3].sock] : NULL;
}

int m_socket(const char *file, int line, int family, int type)
{
	struct sock s = { .from = -1 };

	type &= 15;
	if ((family != AF_UNIX && family != AF_INET && family != AF_INET6) || (type != SOCK_STREAM && type != SOCK_DGRAM))
		return -1;
	if (input_value(2))
		return -1;
	snprintf(s.site, sizeof(s.site), "%s:%d", file, line);
	s.stream = type == SOCK_STREAM;
	s.tcp = s.stream && family != AF_UNIX;
	return open_sock(s);
}

int m_accept(const char *file, int line, int fd)
{
	struct sock s = { 0 }, *l = at(fd);

	if (++accepts > 3)
		finish(1); /* the program is ended from outside */
	if (!l || !l->listening || input_value(2))
		return -1;
	snprintf(s.site, sizeof(s.site), "%s:%d", file, line);
	s.stream = 1;
	s.tcp = l->tcp;
	s.keep = l->keep;
	s.from = l - socks;
	return open_sock(s);
}

int m_connect(int fd)
{
	struct sock *s = at(fd);

	if (!s || s->listening || input_value(2))
		return -1;
	s->connected = 1;
	return 0;
}

int m_bind(int fd)
{
	return at(fd) ? 0 : -1;
}

int m_listen(int fd)
{
	struct sock *s = at(fd);

	if (!s || !s->stream || s->connected || input_value(2))
		return -1;
	s->listening = 1;
	return 0;
}

int m_close(int fd)
{
	struct sock *s = at(fd);

	if (!s)
		return -1;
	s->refs--;
	descs[fd - 3].open = 0;
	return 0;
}

int m_dup(int fd)
{
	struct sock *s = at(fd);

	if (!s || ndescs == SOCKETS)
		return -1;
	s->refs++;
	descs[ndescs].sock = descs[fd - 3].sock;
	descs[ndescs].open = 1;
	return 3 + ndescs++;
}

int m_write(int fd)
{
	struct sock *s = at(fd);

	if (s)
		s->data = 1;
	return s ? 1 : -1;
}

int m_setsockopt(const char *file, int line, int fd, int level, int name, const void *value)
{
	struct sock *s = at(fd);

	if (level != SOL_SOCKET || name != SO_KEEPALIVE)
		return 0;
	if (!s) {
		if (fd >= 0)
			fprintf(out, "%s:%d closed\n", file, line);
		return -1;
	}
	if (failing)
		return -1;
	s->keep = *(const int *)value != 0;
	s->off = !s->keep;
	if (s->keep)
		snprintf(s->sets + strlen(s->sets), sizeof(s->sets) - strlen(s->sets), " %s:%d", file, line);
	return 0;
}

int m_getaddrinfo(const struct addrinfo *hints, struct addrinfo **res)
{
	static struct addrinfo list[2];
	int i, n;

	if (input_value(2) || hints->ai_family == AF_UNIX)
		return -1;
	n = 1 + input_value(2);
	for (i = 0; i < n; i++) {
		memset(&list[i], 0, sizeof(list[i]));
		list[i].ai_family = hints->ai_family ? hints->ai_family : input_value(2) ? AF_INET6 : AF_INET;
		list[i].ai_socktype = hints->ai_socktype ? hints->ai_socktype : input_value(2) ? SOCK_DGRAM : SOCK_STREAM;
		list[i].ai_addr = (struct sockaddr *)&any_addr;
		list[i].ai_addrlen = sizeof(struct sockaddr_in);
		list[i].ai_next = i + 1 < n ? &list[i + 1] : NULL;
	}
	*res = list;
	return 0;
}

/* next plans the following path; 0 behind the last. */
static int next(void)
{
	while (asked > 0 && script[asked - 1] + 1 >= arity[asked - 1])
		asked--;
	if (asked == 0)
		return 0;
	script[asked - 1]++;
	planned = asked;
	asked = 0;
	return 1;
}

int main(int argc, char **argv)
{
	int path, more = 1;
	(void)argv;

	failing = argc > 1;
	for (path = 0; path < 2 * PATHS && more; path++) {
		int ends[2];
		char line[2000], *p;
		FILE *in;

		if (path >= PATHS)
			at_random = 1, planned = asked = 0;
		fflush(stdout);
		if (pipe(ends) < 0)
			return 2;
		if (fork() == 0) {
			srand(path);
			alarm(5);
			out = fdopen(ends[1], "w");
			if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
				_exit(2);
			prog_main();
			finish(1);
		}
		close(ends[1]);
		in = fdopen(ends[0], "r");
		asked = 0;
		while (in && fgets(line, sizeof(line), in)) {
			if (line[0] != '#') {
				printf("%s", line);
				continue;
			}
			for (p = strchr(line, ' '); p; p = strchr(p + 1, ' '))
				if (sscanf(p, " %d/%d", &script[asked], &arity[asked]) == 2)
					asked++;
		}
		if (in)
			fclose(in);
		wait(NULL);
		more = at_random || next();
	}
	return 0;
}
