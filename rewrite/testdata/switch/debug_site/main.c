#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#ifdef CTL_DEBUG
#include <arpa/inet.h>

static int over_tcp(const char *host)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	sa.sin_addr.s_addr = inet_addr(host);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}
#endif

static int local(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int main(int argc, char **argv)
{
	int c, fd;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts("version 1");
			return 0;
		default:
			fprintf(stderr, "usage: ctl [-v] path\n");
			return 1;
		}
	}
	if (optind == argc)
		return 1;
	fd = local(argv[optind]);
#ifdef CTL_DEBUG
	if (fd < 0)
		fd = over_tcp(argv[optind]);
#endif
	if (fd >= 0)
		close(fd);
	return fd < 0;
}
