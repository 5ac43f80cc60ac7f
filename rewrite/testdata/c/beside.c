#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* The connection is declared inside, and so is what belongs to it. */
int serve(int lfd, int (*work)(int))
{
	int n = 0;

	while (n < 100) {
		struct sockaddr_in	them;
		socklen_t		len	= sizeof(them);
		int			fd	= accept(lfd, (struct sockaddr *)&them, &len);

		if (fd < 0)
			return -1;
		n += work(fd);
		close(fd);
	}
	return n;
}

/* Two inside are in two lists, and each has its own. */
int relay(int lfd, const struct sockaddr_in *sa, int (*work)(int))
{
	int n = 0;

	if (lfd >= 0) {
		int fd = accept(lfd, NULL, NULL);

		if (fd < 0)
			return -1;
		n += work(fd);
		close(fd);
	} else {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd < 0)
			return -1;
		if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) == 0)
			n += work(fd);
		close(fd);
	}
	return n;
}

/* One outside serves both. */
int both(int lfd, const struct sockaddr_in *sa, int (*work)(int))
{
	int out, n = 0;

	if (lfd >= 0) {
		int fd = accept(lfd, NULL, NULL);

		if (fd < 0)
			return -1;
		n += work(fd);
		close(fd);
	}
	out = socket(AF_INET, SOCK_STREAM, 0);
	if (out < 0)
		return -1;
	if (connect(out, (const struct sockaddr *)sa, sizeof(*sa)) == 0)
		n += work(out);
	close(out);
	return n;
}
