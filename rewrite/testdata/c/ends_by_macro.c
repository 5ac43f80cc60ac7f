#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct host { void (*exit)(int code); };
extern struct host *host;

void set_place(const char *file, int line);
void note(const char *format, ...);

#define halt set_place(__FILE__, __LINE__), do_halt

void do_halt(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	{
		if (errno)
			abort();
		else
			exit(1);
	}
	return;
}

/* halt() ends the program: no message for a block that goes on. */
int take(int lfd)
{
	int fd;

	if ((fd = accept(lfd, NULL, NULL)) < 0) {
		halt("accept");
	}
	return fd;
}

/* So does a host's exit(). */
int take_hosted(int lfd)
{
	int fd;

	if ((fd = accept(lfd, NULL, NULL)) == -1) {
		fprintf(stderr, "accept: %s\n", strerror(errno));
		host->exit(1);
	}
	return fd;
}

/* A semicolon too many belongs to the check. */
int dial(struct sockaddr_in *sa, int *s)
{
	int ret = 0;

	if ((*s = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		printf("Error in socket()\n");
		ret = -1; goto end;
	};
	if (connect(*s, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
		printf("Error in connect()\n");
		ret = -1; goto end;
	};
end:
	return ret;
}

/* The check tests something else, too: the block stands in front of the use. */
void serve(int lfd, int verbose)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0 && verbose > 1)
		note("accept failed");
	else {
		write(fd, "hello\n", 6);
		close(fd);
	}
}
