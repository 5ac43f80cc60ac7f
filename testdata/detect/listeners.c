/* Listeners and what is accepted from them. */
#include <sys/socket.h>
#include <sys/un.h>

static int on = 1;

static void only_listener(struct sockaddr *sa, socklen_t len)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener set */

	setsockopt(lfd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: covered tcp accepted inherited */
	write(fd, "x", 1);
}

static void neither(struct sockaddr *sa, socklen_t len)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener KA001 */

	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept4(lfd, 0, 0, SOCK_CLOEXEC); /* want: missing tcp accepted KA002 */
	write(fd, "x", 1);
}

static void accepted_only(struct sockaddr *sa, socklen_t len)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp listener */

	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: covered tcp accepted set */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	write(fd, "x", 1);
}

static void local(struct sockaddr_un *sun, socklen_t len)
{
	int fd, lfd = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */

	bind(lfd, (struct sockaddr *)sun, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: not-tcp accepted norules */
	write(fd, "x", 1);
}

static void two_of_one(struct sockaddr *sa, socklen_t len)
{
	int fd, lfd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener KA001 */

	bind(lfd, sa, len);
	listen(lfd, 5);
	fd = accept(lfd, 0, 0); /* want: covered tcp accepted set */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	fd = accept(lfd, 0, 0); /* want: missing tcp accepted */
	write(fd, "x", 1);
}

static void several(struct sockaddr *sa, struct sockaddr *sun, socklen_t len)
{
	int fds[2], fd, i;

	fds[0] = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener */
	fds[1] = socket(AF_UNIX, SOCK_STREAM, 0); /* want: not-tcp listener */
	bind(fds[0], sa, len);
	bind(fds[1], sun, len);
	for (i = 0; i < 2; i++)
		listen(fds[i], 5);
	for (i = 0; i < 2; i++) {
		fd = accept(fds[i], 0, 0); /* want: missing maybe-tcp accepted */
		write(fd, "x", 1);
	}
}
