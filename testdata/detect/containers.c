/* Listeners kept in a list of the program's own, which copies bytes. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct list {
	char *items;
	size_t size, count, room;
};

static char *place(struct list *l, size_t i)
{
	return l->items + i * l->size;
}

static int add(struct list *l, void *item)
{
	if (l->count == l->room)
		return 0;
	memcpy(place(l, l->count++), item, l->size);
	return 1;
}

static void *get(struct list *l, size_t i)
{
	return i < l->count ? (void *)place(l, i) : NULL;
}

static struct list controls;

int control(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */

	strncpy(un.sun_path, path, sizeof(un.sun_path) - 1);
	if (fd == -1 || bind(fd, (struct sockaddr *)&un, sizeof(un)) == -1 || listen(fd, 5) == -1)
		return -1;
	return add(&controls, &fd) ? 0 : -1;
}

int serve(void)
{
	size_t i;

	for (i = 0; i < controls.count; i++) {
		int *fd = get(&controls, i);
		int client = accept(*fd, NULL, NULL); /* want: not-tcp accepted */

		if (client != -1)
			close(client);
	}
	return 0;
}

/* An array that is reached by a pointer and a sum. */
static int *servers;

int server(int n, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */

	if (fd == -1 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(fd, 5) == -1)
		return -1;
	*(servers + n) = fd;
	return 0;
}

int next(int n)
{
	return accept(*(servers + n), NULL, NULL); /* want: missing tcp accepted */
}
