#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int dial(unsigned short port)
{
	struct sockaddr_in sa;		// where to connect to
	int fd;				// the connection
	int rc;				// what connect() says

	// Clear the address.
	memset(&sa, 0, sizeof(sa));

	// Fill it in.
	sa.sin_family = AF_INET;
	sa.sin_port = htons(port);

	// Open the socket.
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;

	// Connect it.
	rc = connect(fd, (struct sockaddr *)&sa, sizeof(sa));

	// Enable the caller to see why not.
	if (rc < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
