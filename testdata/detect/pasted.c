/* Handlers are registered through macros that put the function's name together,
   and find their descriptor through a macro that names the member. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pasted/event.h"

static int control = -1;
static struct { int sock; } state;

void on_control(struct event *ev)
{
	int sd = EVENT_FD(ev);
	int fd = accept(sd, NULL, NULL); /* want: not-tcp accepted */

	if (fd == -1)
		return;
	dprintf(fd, "hello\n");
	close(fd);
	event_add_read(on_control, sd);
}

void on_client(struct event *ev)
{
	int fd = accept(EVENT_FD(ev), NULL, NULL); /* want: missing tcp accepted */

	if (fd == -1)
		return;
	dprintf(fd, "%d\n", state.sock);
	close(fd);
	event_add_read(on_client, state.sock);
}

void on_timer(struct event *ev)
{
	printf("%ld\n", EVENT_VAL(ev));
}

int main(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct sockaddr_in in = { .sin_family = AF_INET };

	control = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	if (control == -1 || bind(control, (struct sockaddr *)&un, sizeof(un)) == -1 || listen(control, 5) == -1)
		return 1;
	state.sock = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	if (state.sock == -1 || bind(state.sock, (struct sockaddr *)&in, sizeof(in)) == -1 || listen(state.sock, 5) == -1)
		return 1;
	event_add_read(on_control, control);
	event_add_read(on_client, state.sock);
	event_add_timer(on_timer, 60);
	event_loop();
	return 0;
}
