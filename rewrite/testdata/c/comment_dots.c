#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// each step has a comment that ends in dots, each variable one with a capital
int fetch(struct sockaddr_in *to)
{
	int	fd;			// Socket
	int	n;			// Bytes read
	char	buf[80];		// Buffer

	// Create the socket...
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		fprintf(stderr, "Unable to create socket: %s\n", strerror(errno));
		return -1;
	}

	// Connect to the server...
	if (connect(fd, (struct sockaddr *)to, sizeof(*to)) < 0) {
		fprintf(stderr, "Unable to connect: %s\n", strerror(errno));
		close(fd);
		return -1;
	}

	// Read all that comes...
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stdout);

	// Close it...
	close(fd);
	return 0;
}
