/*
 * libkeepatch: turns TCP keepalive on in programs that do not, through
 *
 *     LD_PRELOAD=/path/libkeepatch.so KEEPIDLE=60 program
 *
 * A drop-in for libkeepalive: the same variables with the same meaning.
 *
 *     KEEPALIVE=off      do nothing (any case of letters)
 *     KEEPIDLE           seconds of silence before the first probe, 1..32767
 *     KEEPINTVL          seconds between probes, 1..32767
 *     KEEPCNT            unanswered probes that end the connection, 1..127
 *     KEEPUSERTIMEOUT    TCP_USER_TIMEOUT in milliseconds; never set unasked
 *     KEEPALIVE_DEBUG=1  say on standard error what is wrong with the others
 *
 * /etc/keepatch.conf has the values for programs that are started without
 * these variables (keepalive, idle, interval, count, user-timeout, as "key =
 * value"); a variable overrides it. The values are binding: a program that sets
 * such a timer itself gets the one that is asked for here.
 *
 * Written by "keepatch preload". Compile: cc -shared -fPIC -O2 -o libkeepatch.so
 *
 * The hooks take no locks and allocate nothing, so they may be called from
 * signal handlers and between fork and exec, as the calls they replace may.
 */

/* No _GNU_SOURCE: with it glibc declares connect and accept with a transparent
   union that a definition cannot repeat. */
#define _DEFAULT_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef SO_PROTOCOL
#define SO_PROTOCOL 38
#endif
#ifndef SO_DOMAIN
#define SO_DOMAIN 39
#endif
#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif
#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT 18
#endif

#define HOOK __attribute__((visibility("default")))

int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);

typedef int socket_fn(int, int, int);
typedef int connect_fn(int, const struct sockaddr *, socklen_t);
typedef int listen_fn(int, int);
typedef int setsockopt_fn(int, int, int, const void *, socklen_t);
typedef int accept_fn(int, struct sockaddr *__restrict, socklen_t *__restrict);
typedef int accept4_fn(int, struct sockaddr *__restrict, socklen_t *__restrict, int);

/* One timer: its variable, its key in the file, its range, its socket option, its
   value (0: leave). */
struct timer {
	const char *env, *key;
	int max, option;
	_Atomic int value;
};

static struct timer timers[] = {
	{ "KEEPIDLE", "idle", 32767, TCP_KEEPIDLE, 0 },
	{ "KEEPINTVL", "interval", 32767, TCP_KEEPINTVL, 0 },
	{ "KEEPCNT", "count", 127, TCP_KEEPCNT, 0 },
	{ "KEEPUSERTIMEOUT", "user-timeout", INT_MAX, TCP_USER_TIMEOUT, 0 },
};
#define NTIMERS (sizeof timers / sizeof timers[0])

static _Atomic int disabled;
static _Atomic(socket_fn *) real_socket;
static _Atomic(connect_fn *) real_connect;
static _Atomic(listen_fn *) real_listen;
static _Atomic(setsockopt_fn *) real_setsockopt;
static _Atomic(accept_fn *) real_accept;
static _Atomic(accept4_fn *) real_accept4;
static _Atomic int ready;

/* The sockets that were given keepalive when they were created. What the
   program does to them afterwards, turning keepalive off included, is its
   own wish, so connect and listen leave them alone. Descriptors are used
   again; the cookie tells a new socket from an old one. */
#define NSEEN 65536
static _Atomic uint64_t seen[NSEEN];

static void complain(const char *name, const char *value, const char *what)
{
	const char *part[6] = { "libkeepatch: ", name, "=", value, what, "\n" };
	char line[256];
	size_t n = 0, i, len;

	for (i = 0; i < 6; i++) {
		len = strlen(part[i]);
		if (len > sizeof line - 1 - n)
			len = sizeof line - 1 - n;
		memcpy(line + n, part[i], len);
		n += len;
	}
	line[n - 1] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

static void set_timer(struct timer *t, const char *name, const char *s, int debug)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, 10);
	while (*end == ' ' || *end == '\t')
		end++;
	if (end == s || *end != '\0') {
		if (debug)
			complain(name, s, " is not a number, ignored");
	} else if (errno != 0 || n < 1 || n > t->max) {
		if (debug)
			complain(name, s, " is out of range, ignored");
	} else {
		atomic_store(&t->value, (int)n);
	}
}

static char *trim(char *s)
{
	size_t n;

	while (*s == ' ' || *s == '\t')
		s++;
	n = strlen(s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		s[--n] = '\0';
	return s;
}

/* Reads the machine's file, of which what is beyond 8 kB is not read. */
static void read_file(int debug)
{
	char text[8192], *line, *next, *value, *comment;
	ssize_t got;
	size_t len = 0, i;
	int fd = open("/etc/keepatch.conf", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	while (len < sizeof text - 1 && (got = read(fd, text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	text[len] = '\0';
	for (line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		comment = strchr(line, '#');
		if (comment != NULL)
			*comment = '\0';
		value = strchr(line, '=');
		if (value == NULL)
			continue;
		*value++ = '\0';
		line = trim(line);
		value = trim(value);
		if (strcasecmp(line, "keepalive") == 0)
			atomic_store(&disabled, strcasecmp(value, "off") == 0);
		for (i = 0; i < NTIMERS; i++)
			if (strcasecmp(line, timers[i].key) == 0)
				set_timer(&timers[i], line, value, debug);
	}
}

/* Reads the environment once, before main. A hook that is called even earlier,
   from another library's constructor, comes here itself; two threads that meet
   here store the same values. */
__attribute__((constructor)) static void setup(void)
{
	const char *s;
	int saved = errno, debug;
	size_t i;

	if (atomic_load(&ready))
		return;
	/* The cast of an object pointer to a function pointer is what dlsym is
	   for (POSIX); __extension__ keeps -Wpedantic quiet. */
	__extension__ atomic_store(&real_socket, (socket_fn *)dlsym(RTLD_NEXT, "socket"));
	__extension__ atomic_store(&real_connect, (connect_fn *)dlsym(RTLD_NEXT, "connect"));
	__extension__ atomic_store(&real_listen, (listen_fn *)dlsym(RTLD_NEXT, "listen"));
	__extension__ atomic_store(&real_setsockopt, (setsockopt_fn *)dlsym(RTLD_NEXT, "setsockopt"));
	__extension__ atomic_store(&real_accept, (accept_fn *)dlsym(RTLD_NEXT, "accept"));
	__extension__ atomic_store(&real_accept4, (accept4_fn *)dlsym(RTLD_NEXT, "accept4"));

	s = getenv("KEEPALIVE_DEBUG");
	debug = s != NULL && strcmp(s, "1") == 0;
	read_file(debug);
	s = getenv("KEEPALIVE");
	if (s != NULL)
		atomic_store(&disabled, strcasecmp(s, "off") == 0);
	for (i = 0; i < NTIMERS; i++) {
		s = getenv(timers[i].env);
		if (s != NULL && *s != '\0')
			set_timer(&timers[i], timers[i].env, s, debug);
	}
	atomic_store(&ready, 1);
	errno = saved;
}

/* 1 for an IPv4 or IPv6 TCP or MPTCP socket. */
static int is_tcp(int fd)
{
	int type = 0, domain = 0, protocol = 0;
	socklen_t len = sizeof type;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0 || type != SOCK_STREAM)
		return 0;
	len = sizeof domain;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) != 0 ||
	    (domain != AF_INET && domain != AF_INET6))
		return 0;
	len = sizeof protocol;
	return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 &&
	       (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
}

static int is_on(int fd)
{
	int on = 0;
	socklen_t len = sizeof on;

	return getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &len) == 0 && on;
}

static uint64_t cookie(int fd)
{
	uint64_t c = 0;
	socklen_t len = sizeof c;

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &c, &len) != 0)
		return 0;
	return c;
}

/* Timers first, so that keepalive is never on with the two hours of the
   default. A refusal (MPTCP knows fewer options) leaves the rest in force. */
static void cover(int fd)
{
	int on = 1, value;
	size_t i;

	for (i = 0; i < NTIMERS; i++) {
		value = atomic_load(&timers[i].value);
		if (value != 0)
			atomic_load(&real_setsockopt)(fd, IPPROTO_TCP, timers[i].option, &value, sizeof value);
	}
	atomic_load(&real_setsockopt)(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	if (fd < NSEEN)
		atomic_store(&seen[fd], cookie(fd));
}

static int covered_before(int fd)
{
	uint64_t c;

	if (fd < 0 || fd >= NSEEN)
		return 0;
	c = atomic_load(&seen[fd]);
	return c != 0 && c == cookie(fd);
}

/* Covers sockets that did not come through the socket hook: inherited ones,
   and those of code that calls the kernel itself. */
static void cover_late(int fd)
{
	int saved = errno;

	if (!atomic_load(&disabled) && is_tcp(fd) && !covered_before(fd))
		cover(fd);
	errno = saved;
}

/* Accepted sockets are born with their listener's options on Linux; only one
   of a listener that was never covered needs anything. */
static void cover_accepted(int listener, int fd)
{
	int saved = errno;

	if (fd >= 0 && !atomic_load(&disabled) && !is_on(fd) && is_tcp(fd) &&
	    !covered_before(listener))
		cover(fd);
	errno = saved;
}

HOOK int socket(int domain, int type, int protocol)
{
	int fd, saved;

	setup();
	fd = atomic_load(&real_socket)(domain, type, protocol);
	if (fd < 0 || atomic_load(&disabled))
		return fd;
	saved = errno;
	if ((domain == AF_INET || domain == AF_INET6) &&
	    (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_STREAM &&
	    (protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP))
		cover(fd);
	errno = saved;
	return fd;
}

HOOK int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	setup();
	cover_late(fd);
	return atomic_load(&real_connect)(fd, addr, len);
}

HOOK int listen(int fd, int backlog)
{
	setup();
	cover_late(fd);
	return atomic_load(&real_listen)(fd, backlog);
}

HOOK int accept(int fd, struct sockaddr *__restrict addr, socklen_t *__restrict len)
{
	int peer;

	setup();
	peer = atomic_load(&real_accept)(fd, addr, len);
	cover_accepted(fd, peer);
	return peer;
}

HOOK int accept4(int fd, struct sockaddr *__restrict addr, socklen_t *__restrict len, int flags)
{
	int peer;

	setup();
	peer = atomic_load(&real_accept4)(fd, addr, len, flags);
	cover_accepted(fd, peer);
	return peer;
}

/* A timer that has a value here keeps it, whatever the program sets. */
HOOK int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int wanted = 0, asked;
	size_t i;

	setup();
	if (level == IPPROTO_TCP && !atomic_load(&disabled) && value != NULL && len >= (socklen_t)sizeof asked) {
		for (i = 0; i < NTIMERS; i++)
			if (name == timers[i].option)
				wanted = atomic_load(&timers[i].value);
		memcpy(&asked, value, wanted != 0 ? sizeof asked : 0);
		if (wanted != 0 && asked > 0 && is_tcp(fd)) {
			value = &wanted;
			len = sizeof wanted;
		}
	}
	return atomic_load(&real_setsockopt)(fd, level, name, value, len);
}
