/* A check whose branch is a macro that stands for a return: the block goes behind it as a
 * plain statement. */
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define Fail return -1

int dial(int port)
{
	struct sockaddr_in sin;
	int fd;

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		Fail;
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		Fail;
	return fd;
}
