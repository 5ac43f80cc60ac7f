#include "names.h"

int main(int argc, char **argv)
{
	count c, s;
	struct sockaddr_in sin;

	while ((c = getopt(argc, argv, "v")) != -1) {
		switch (c) {
		case 'v':
			puts("1");
			break;
		default:
			fprintf(stderr, "usage: main [-v]\n");
			exit(1);
		}
	}
	s = socket(AF_INET, SOCK_STREAM, 0);
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		perror("connect");
	return 0;
}
