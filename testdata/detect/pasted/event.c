#include <stdio.h>
#include <stdlib.h>

#include "event.h"

static struct event *events;

static struct event *event_new(const char *name, void (*func)(struct event *))
{
	struct event *ev = calloc(1, sizeof(*ev));

	if (ev == NULL)
		exit(1);
	printf("%s\n", name);
	ev->func = func;
	ev->next = events;
	return events = ev;
}

void event_add_fd_(const char *name, void (*func)(struct event *), int fd)
{
	struct event *ev = event_new(name, func);

	ev->u.fd = fd;
}

void event_add_timer_(const char *name, void (*func)(struct event *), long seconds)
{
	struct event *ev = event_new(name, func);

	ev->u.val = seconds;
}

void event_loop(void)
{
	while (events != NULL) {
		struct event *ev = events;

		events = ev->next;
		ev->func(ev);
		free(ev);
	}
}
