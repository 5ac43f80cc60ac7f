/* Macros that stand for statements, heads of blocks, types and words. */
#define CHECK(fd) do { if ((fd) < 0) goto fail; } while (0)
#define NOTHING
#define CONNECT(h, p) connect(socket(AF_INET, SOCK_STREAM, 0), (h), (p))

struct item {
	TAILQ_ENTRY(item) link;
	int fd UNUSED;
};

API int
open_all(struct list *head, int flags) NONNULL(1)
{
	struct item *it;
	STACK_OF(NAME) *names = NULL;
	int fd = -1, err UNUSED = 0;

	TRACE(("enter open_all"))
	*head->last = 0;
	TAILQ_FOREACH(it, head, link) {
		it->fd = socket(AF_INET, SOCK_STREAM, 0);
		CHECK(it->fd);
	}
	SMARTLIST_FOREACH_BEGIN(head, struct item *, it) {
		if (it->fd < 0)
			continue;
		close(it->fd);
	} SMARTLIST_FOREACH_END(it);
	forever {
		if ((fd = accept(flags, NULL, NULL)) < 0)
			break;
		printf("%" PRIu64 " of %d\n", n, VERSION "x" SUFFIX);
	}
	LOCK
	fd = TRY(socket(AF_INET, SOCK_STREAM, 0));
	UNLOCK
	if UNLIKELY(fd < 0)
		return -1;
	ap = va_arg(list, struct sockaddr *);
	n = offsetof(struct item, fd);
	with(({ int x = fd; x + 1; }));
	RUN({ fd = socket(1, 2, 3); });
	return fd;
fail:
	TRACE(("leave"))
}

UNITTEST_START
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
}
UNITTEST_STOP
