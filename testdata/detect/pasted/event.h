struct event {
	void (*func)(struct event *);
	union {
		int fd;
		long val;
	} u;
	struct event *next;
};

#define EVENT_FD(x) ((x)->u.fd)
#define EVENT_VAL(x) ((x)->u.val)

#define event_add(kind, f, v) ({ \
	static const char name[] = #f; \
	event_add_ ## kind ## _(name, f, v); \
})
#define event_add_read(f, v) event_add(fd, f, v)
#define event_add_timer(f, v) event_add(timer, f, v)

void event_add_fd_(const char *name, void (*func)(struct event *), int fd);
void event_add_timer_(const char *name, void (*func)(struct event *), long seconds);
void event_loop(void);
