#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

void serve(int s);

int main(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int s, fd;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		exit(1);
	if (bind(s, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(s, 5) < 0)
		exit(1);
	while ((fd = accept(s, NULL, NULL))) {
		if (fd < 0) {
			if (errno != EINTR)
				perror("accept");
			continue;
		}
		serve(fd);
		close(fd);
	}
	return 0;
}
