/* Descriptors from systemd and inetd. */
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#define SD_LISTEN_FDS_START 3

static void activated(int on)
{
	int fd = accept(SD_LISTEN_FDS_START, NULL, NULL); /* want: missing maybe-tcp accepted KA002 */

	write(fd, "hello\n", 6);
	close(fd);
}

static void activated_unix(void)
{
	struct sockaddr_un peer;
	socklen_t len = sizeof(peer);
	int fd = accept(SD_LISTEN_FDS_START, (struct sockaddr *)&peer, &len); /* want: not-tcp accepted */

	write(fd, "hello\n", 6);
	close(fd);
}

static void waited(void)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	int on = 1;
	int fd = accept(0, (struct sockaddr *)&peer, &len); /* want: covered tcp accepted set */

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	write(fd, "hello\n", 6);
	close(fd);
}

int main(void)
{
	activated(1);
	activated_unix();
	waited();
	return 0;
}
