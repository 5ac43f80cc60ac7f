#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

int listener(struct sockaddr_in *sa)
{
	int opt, fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	opt = 1;
	/* No harm if this fails */
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
	opt = 0;
	(void)setsockopt(fd, SOL_SOCKET, SO_DONTROUTE, &opt, sizeof(opt));
	if (bind(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(fd, 5) < 0)
		return -1;
	opt = accept(fd, NULL, NULL);
	close(fd);
	return opt;
}

int dial(struct sockaddr_in *sa)
{
	int opt, fd;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	opt = connect(fd, (struct sockaddr *)sa, sizeof(*sa));
	return opt < 0 ? -1 : fd;
}
