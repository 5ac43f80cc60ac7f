/* A program that uses an emulation of Winsock: see the folder. */
#include <sys/socket.h>
#include <netinet/in.h>

int wrapped_accept(int fd);

int serve(struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp listener KA001 */

	bind(fd, (struct sockaddr *)sin, sizeof(*sin));
	listen(fd, 5);
	return wrapped_accept(fd);
}
