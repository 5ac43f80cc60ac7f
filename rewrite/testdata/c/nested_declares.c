#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* The inner loop's socket is made anew where the outer one's declaration is seen: one variable. */
int feed(const struct sockaddr_in *to, const char *line, size_t n)
{
	while (1) {
		int in = open_source();
		if (in == -1)
			return -1;

		int out = socket(AF_INET, SOCK_STREAM, 0);
		if (out == -1)
			fprintf(stderr, "could not create socket\n");

		struct sockaddr_in peer = *to;

		connect(out, (struct sockaddr *)&peer, sizeof(peer));
		while (next_line(in)) {
			if (send(out, line, n, 0) < 0) {
				close(out);
				out = socket(AF_INET, SOCK_STREAM, 0);
				if (out == -1)
					fprintf(stderr, "could not create socket\n");

				connect(out, (struct sockaddr *)&peer, sizeof(peer));
			}
		}
		close(in);
	}
}
