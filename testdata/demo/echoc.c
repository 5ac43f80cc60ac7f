/* echoc: sends lines to an echod and shows what comes back. Usage: echoc HOST [PORT] */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net.h"

int main(int argc, char **argv)
{
	char line[1024];
	ssize_t n;
	int fd;

	if (argc < 2) {
		fprintf(stderr, "usage: echoc HOST [PORT]\n");
		return EXIT_FAILURE;
	}
	fd = tcp_connect(argv[1], argc > 2 ? argv[2] : "7007");
	if (fd == -1)
		return EXIT_FAILURE;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		size_t want = strlen(line);

		if (write_all(fd, line, want) == -1) {
			perror("write");
			return EXIT_FAILURE;
		}
		while (want > 0) {
			n = read(fd, line, want < sizeof(line) ? want : sizeof(line));
			if (n <= 0) {
				fprintf(stderr, "the server hung up\n");
				return EXIT_FAILURE;
			}
			fwrite(line, 1, n, stdout);
			want -= n;
		}
		fflush(stdout);
	}
	close(fd);
	return EXIT_SUCCESS;
}
