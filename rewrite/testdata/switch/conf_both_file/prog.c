#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>

static int debug, quiet, workers;

static int dial(int port)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(int);
	int fd, on = 0, idle = 0;

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_port = htons(port);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 && debug)
		perror("connect");
	send(fd, "", 0, MSG_NOSIGNAL);
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &len);
	getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &len);
	printf("keepalive %d %d\n", on, idle);
	close(fd);
	return 0;
}

static int read_config(const char *path)
{
	char line[256], key[64], val[128];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%63s %127s", key, val) != 2)
			continue;
		if (!strcmp(key, "debug"))
			debug = !strcmp(val, "yes");
		else if (!strcmp(key, "quiet"))
			quiet = !strcmp(val, "yes");
		else if (!strcmp(key, "workers"))
			workers = atoi(val);
	}
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "c:d")) != -1) {
		switch (c) {
		case 'c':
			if (read_config(optarg) < 0)
				return 6;
			break;
		case 'd':
			debug = 1;
			break;
		default:
			fprintf(stderr, "usage: prog [-d] [-c file]\n");
			return 2;
		}
	}
	if (!quiet)
		printf("workers %d\n", workers);
	return dial(9) < 0;
}
