#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "log.h"

static const char DESK[] = "Desk";

/* errno is a name of its own here. */
static void answer(FILE *to, int errno, const char *text);
void serve(int fd);

void desk_take(int from)
{
	int fd = accept(from, NULL, NULL);

	if (fd < 0)
		return;
	serve(fd);
}

int desk_open(const struct sockaddr_in *me)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		log_of(LV_ERROR, DESK, "no socket\n");
		return -1;
	}
	if (bind(fd, (const struct sockaddr *)me, sizeof(*me)) < 0 || listen(fd, 5) < 0) {
		log_of(LV_ERROR, DESK, "no address\n");
		close(fd);
		return -1;
	}
	log_of(LV_INFO, DESK, "open\n");
	return fd;
}

int main(void)
{
	struct sockaddr_in me = { AF_INET };
	int fd = desk_open(&me);

	while (fd >= 0)
		desk_take(fd);
	answer(stdout, 0, "bye");
	return 0;
}

static void answer(FILE *to, int errno, const char *text)
{
	fprintf(to, "%d %s\n", errno, text);
}
