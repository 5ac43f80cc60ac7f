/* Keepalive set on standard input, after dup2. */
#include <sys/socket.h>
#include <unistd.h>

static void child(void)
{
	int on = 1;

	setsockopt(0, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	execlp("sh", "sh", NULL);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	int lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */
	int fd;

	bind(lfd, sa, argc);
	listen(lfd, 5);
	for (;;) {
		fd = accept(lfd, NULL, NULL); /* want: covered tcp accepted set */
		if (fork() == 0) {
			dup2(fd, 0);
			close(fd);
			child();
		}
		close(fd);
	}
}
