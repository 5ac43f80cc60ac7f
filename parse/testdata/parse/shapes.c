/* Casts against calls, declarations against expressions, pointers to
   functions, attributes, initialisers. */
typedef struct conn conn_t;
enum state { IDLE, BUSY = 4, DONE };
__attribute__((constructor)) static void
init(void) __attribute__((unused));
static int (*open_fn)(int, int, int) = socket;
static struct ops table[] = {
	[IDLE] = { .open = socket, .close = close },
	{ "tcp", AF_INET, SOCK_STREAM },
	.last = { 0 },
	name: 1,
};
static const char *const words[] = { "a", "b" "c", };

static inline __attribute__((always_inline)) int
shapes(conn_t *c, int (*cb)(void *, int), char *argv[], ...)
{
	conn_t *d = (conn_t *)malloc(sizeof(*d));
	size_t n = sizeof(struct sockaddr_in), m;
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(80) }, *sp = &sin;
	int fds[2], i = 0, (*fp)(int) = 0, (*arr[3])(void);
	unsigned long long big = 1ULL;
	__typeof__(i) j = i;
	a * b;
	conn_t * e;
	f(x) * y;
	(void)close(fds[0]);
	(close)(fds[1]);
	(*cb)(c, i);
	c->ops->open(AF_INET, SOCK_STREAM, 0);
	table[IDLE].open(AF_INET, 1, 0);
	n = (size_t)-1 + (i) - 1;
	n = (i) * 2;
	*(int *)argv = (int)(long)c;
	sp = (struct sockaddr_in *)&(struct sockaddr_in){ .sin_port = 1 };
	return (accept(*fds));
	i = c ? socket(1, 2, 3) : -1, j = 2;
	do i++; while (i < 3);
	for (int k = 0, *q = &k; k < 3; k++, q++)
		if (k) continue; else break;
	switch (i) {
	case 'a' ... 'z':
	case IDLE: ;
		int late = 1;
	default:
		goto out;
	}
	while ((i = next(c)) != -1 && i) {
		asm volatile("nop" ::: "memory");
	}
	{ struct local { int a, b:3; struct { int in; }; } v; v.in = 1; }
out:
	return i <= 0 ?: -1;
}
