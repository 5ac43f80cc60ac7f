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
 * "keepatch run --library" puts the library in front of the programs that it
 * supervises. KEEPATCH_RUN has its settings, and nothing above is read; see
 * read_run below.
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
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#if (defined __x86_64__ && !defined __ILP32__) || (defined __aarch64__ && !defined __ILP32__)
#define CAN_PASS 1 /* see pass */
#endif

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif
#ifndef RTLD_DEFAULT
#define RTLD_DEFAULT ((void *)0)
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
#ifndef SYS_accept /* i386 */
#define SYS_accept (-1)
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

/* Below keepatch run --library. */
static _Atomic int under_run;       /* there is such a run */
static _Atomic uint64_t run_cookie; /* 0 where calls cannot be passed */
static _Atomic int run_flags;       /* of KEEPATCH_RUN, and those that say what leads to libc */
enum {
	LEAVE_ACCEPT = 1, /* --no-accept */
	SOCKET_STOPS = 2, /* the run stops socket() instead of connect() */
	RUN_FLAGS = LEAVE_ACCEPT | SOCKET_STOPS,
	SOCKET_IS_LIBC = 4,
	CONNECT_IS_LIBC = 8,
	LISTEN_IS_LIBC = 16,
	SETSOCKOPT_IS_LIBC = 32,
	ACCEPT_IS_LIBC = 64,
	ACCEPT4_IS_LIBC = 128
};

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

/* keepatch run stops calls by a filter and sets the options from outside. With
   --library it says so by
       KEEPATCH_RUN=1,COOKIE,IDLE,INTERVAL,COUNT,USERTIMEOUT,FLAGS
   (the cookie hexadecimal, 0 for a timer to leave). The library then does what
   the run would do, and makes the call itself with the cookie in the sixth
   argument, which none of these calls has: the filter lets it by. Whatever the
   library cannot do it leaves to the run, by a call without the cookie.

   The cookie is drawn for each run. Settings and cookie come together, so that
   a process which has the variable of one run and the filter of another is
   stopped by that one. It is no secret and grants nothing: whoever uses it
   without the options goes without keepalive, and nothing else. */
static int read_run(const char *s)
{
	unsigned long long n[3 + NTIMERS];
	const size_t last = sizeof n / sizeof n[0] - 1;
	char *end;
	size_t i;

	for (i = 0; i <= last; i++, s = end + 1) {
		n[i] = strtoull(s, &end, i == 1 ? 16 : 10);
		if (end == s || *end != (i < last ? ',' : '\0'))
			return 0;
	}
	if (n[0] != 1)
		return 0;
	for (i = 0; i < NTIMERS; i++)
		if (n[2 + i] > (unsigned long long)timers[i].max)
			return 0;
	for (i = 0; i < NTIMERS; i++)
		atomic_store(&timers[i].value, (int)n[2 + i]);
	atomic_store(&run_flags, (int)n[last] & RUN_FLAGS);
#ifdef CAN_PASS
	atomic_store(&run_cookie, n[1]);
#endif
	atomic_store(&under_run, 1);
	return 1;
}

/* Looks up the function that comes after ours. Where that is another library's
   (a proxy's, a sanitizer's), it must be called, and by itself. */
static void *next_symbol(const char *name, int flag)
{
	/* dladdr(3) is declared for _GNU_SOURCE alone. */
	struct {
		const char *file;
		void *base;
		const char *symbol;
		void *address;
	} a, b;
	int (*find)(const void *, void *);
	void *next = dlsym(RTLD_NEXT, name), *libc = dlsym(RTLD_NEXT, "getpagesize");

	find = __extension__ (int (*)(const void *, void *))dlsym(RTLD_DEFAULT, "dladdr");
	if (next != NULL && libc != NULL && find != NULL && find(next, &a) && find(libc, &b) && a.base == b.base)
		atomic_fetch_or(&run_flags, flag);
	return next;
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
	s = getenv("KEEPATCH_RUN");
	if (s != NULL)
		read_run(s);
	/* The cast of an object pointer to a function pointer is what dlsym is
	   for (POSIX); __extension__ keeps -Wpedantic quiet. */
	__extension__ atomic_store(&real_socket, (socket_fn *)next_symbol("socket", SOCKET_IS_LIBC));
	__extension__ atomic_store(&real_connect, (connect_fn *)next_symbol("connect", CONNECT_IS_LIBC));
	__extension__ atomic_store(&real_listen, (listen_fn *)next_symbol("listen", LISTEN_IS_LIBC));
	__extension__ atomic_store(&real_setsockopt, (setsockopt_fn *)next_symbol("setsockopt", SETSOCKOPT_IS_LIBC));
	__extension__ atomic_store(&real_accept, (accept_fn *)next_symbol("accept", ACCEPT_IS_LIBC));
	__extension__ atomic_store(&real_accept4, (accept4_fn *)next_symbol("accept4", ACCEPT4_IS_LIBC));

	if (atomic_load(&under_run))
		goto done;
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
done:
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

/* Whether a call may be made here and pass the run's filter. */
static int passes(int flag)
{
	return atomic_load(&run_cookie) != 0 && (atomic_load(&run_flags) & flag) != 0;
}

/* A system call with the cookie. Afterwards the register is cleared: a call that
   somebody else makes must not have the cookie by accident. The result is the
   kernel's, errors negative. */
static long pass(long number, long a, long b, long c, long d, long e)
{
	long cookie = (long)atomic_load(&run_cookie);
#if !defined CAN_PASS /* nobody comes here: see read_run */
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)cookie;
	return number < 0 ? number : -ENOSYS;
#elif defined __x86_64__
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = cookie;

	__asm__ volatile("syscall\n\txorl %%r9d, %%r9d"
			 : "+a"(number), "+r"(r9)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "cc", "memory");
	return number;
#else
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = cookie;

	__asm__ volatile("svc #0\n\tmov x5, xzr"
			 : "+r"(x0), "+r"(x5)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "cc", "memory");
	return x0;
#endif
}

/* The same, as the C library returns it. */
static int passed(long result)
{
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	return (int)result;
}

/* The same for a call that may wait: a thread can be cancelled there
   (pthread_cancel), as in the C library's own. */
static int passed_waiting(long number, long a, long b, long c, long d)
{
	int before, ours;
	long result;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
	result = pass(number, a, b, c, d, 0);
	pthread_setcanceltype(before, &ours);
	return passed(result);
}

static int set(int fd, int level, int name, int value)
{
	return pass(SYS_setsockopt, fd, level, name, (long)&value, sizeof value) == 0;
}

static int get(int fd, int level, int name, int *value)
{
	socklen_t len = sizeof *value;

	return pass(SYS_getsockopt, fd, level, name, (long)value, (long)&len) == 0;
}

/* Does to a socket what the run does to it at connect and listen, and in the same
   way: TCP_KEEPIDLE, which no other family knows, tells TCP. 0 where that is not
   done; a socket that is certainly none of TCP needs nothing. */
static int settle(int fd)
{
	int value, idle = atomic_load(&timers[0].value);
	size_t i;

	if (idle != 0 ? !set(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle) : !get(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value))
		return get(fd, SOL_SOCKET, SO_PROTOCOL, &value) && value != IPPROTO_TCP && value != IPPROTO_MPTCP;
	for (i = 1; i < NTIMERS; i++) {
		value = atomic_load(&timers[i].value);
		if (value != 0 && !set(fd, IPPROTO_TCP, timers[i].option, value))
			return 0;
	}
	return set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

/* An accepted socket has its listener's options as a rule. One that takes none
   is shown to the run, which stops any connect(2): this one fails behind it. */
static int settle_accepted(int fd)
{
	int value, wanted;
	size_t i;

	if (fd < 0)
		return fd;
	if (get(fd, SOL_SOCKET, SO_KEEPALIVE, &value) && value) {
		for (i = 0; i < NTIMERS; i++) {
			wanted = atomic_load(&timers[i].value);
			if (wanted != 0 && !(get(fd, IPPROTO_TCP, timers[i].option, &value) && value == wanted))
				break;
		}
		if (i == NTIMERS)
			return fd;
	}
	if (!settle(fd) && passes(CONNECT_IS_LIBC)) {
		value = errno;
		atomic_load(&real_connect)(fd, NULL, 0);
		errno = value;
	}
	return fd;
}

/* A timer that the program sets and the run has a value for: all of the run's. */
static int keep_timers(int fd)
{
	size_t i;
	int value;

	for (i = 0; i < NTIMERS; i++) {
		value = atomic_load(&timers[i].value);
		if (value != 0 && !set(fd, IPPROTO_TCP, timers[i].option, value))
			return 0;
	}
	return 1;
}

HOOK int socket(int domain, int type, int protocol)
{
	int fd, saved, tcp;

	setup();
	tcp = (domain == AF_INET || domain == AF_INET6) &&
	      (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_STREAM &&
	      (protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
	if (tcp && atomic_load(&run_flags) & SOCKET_STOPS && passes(SOCKET_IS_LIBC)) {
		fd = passed(pass(SYS_socket, domain, type, protocol, 0, 0));
		if (fd >= 0)
			settle(fd);
		return fd;
	}
	fd = atomic_load(&real_socket)(domain, type, protocol);
	if (fd < 0 || !tcp || atomic_load(&disabled) || atomic_load(&under_run))
		return fd;
	saved = errno;
	cover(fd);
	errno = saved;
	return fd;
}

HOOK int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	setup();
	if (!atomic_load(&under_run))
		cover_late(fd);
	else if (passes(CONNECT_IS_LIBC) && settle(fd))
		return passed_waiting(SYS_connect, fd, (long)addr, (long)len, 0);
	return atomic_load(&real_connect)(fd, addr, len);
}

HOOK int listen(int fd, int backlog)
{
	setup();
	if (!atomic_load(&under_run))
		cover_late(fd);
	else if (passes(LISTEN_IS_LIBC) && settle(fd))
		return passed(pass(SYS_listen, fd, backlog, 0, 0, 0));
	return atomic_load(&real_listen)(fd, backlog);
}

/* Whether accept is made here; with --no-accept it is left alone. */
static int passes_accept(int flag)
{
	return passes(flag) && !(atomic_load(&run_flags) & LEAVE_ACCEPT);
}

HOOK int accept(int fd, struct sockaddr *__restrict addr, socklen_t *__restrict len)
{
	int peer;

	setup();
	if (passes_accept(ACCEPT_IS_LIBC))
		return settle_accepted(passed_waiting(SYS_accept, fd, (long)addr, (long)len, 0));
	peer = atomic_load(&real_accept)(fd, addr, len);
	if (!atomic_load(&under_run))
		cover_accepted(fd, peer);
	return peer;
}

HOOK int accept4(int fd, struct sockaddr *__restrict addr, socklen_t *__restrict len, int flags)
{
	int peer;

	setup();
	if (passes_accept(ACCEPT4_IS_LIBC))
		return settle_accepted(passed_waiting(SYS_accept4, fd, (long)addr, (long)len, flags));
	peer = atomic_load(&real_accept4)(fd, addr, len, flags);
	if (!atomic_load(&under_run))
		cover_accepted(fd, peer);
	return peer;
}

/* A timer that has a value here keeps it, whatever the program sets. */
HOOK int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	int wanted = 0, asked = 0;
	size_t i;

	setup();
	if (level == IPPROTO_TCP && !atomic_load(&disabled) && value != NULL && len >= (socklen_t)sizeof asked) {
		for (i = 0; i < NTIMERS; i++)
			if (name == timers[i].option)
				wanted = atomic_load(&timers[i].value);
		memcpy(&asked, value, wanted != 0 ? sizeof asked : 0);
		if (wanted != 0 && atomic_load(&under_run)) {
			if (asked >= 0 && passes(SETSOCKOPT_IS_LIBC) && keep_timers(fd))
				return 0; /* else the run has its say */
		} else if (wanted != 0 && asked > 0 && is_tcp(fd)) {
			value = &wanted;
			len = sizeof wanted;
		}
	}
	return atomic_load(&real_setsockopt)(fd, level, name, value, len);
}
