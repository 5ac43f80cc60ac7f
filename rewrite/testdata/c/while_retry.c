#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void handle(int fd);

int serve(struct sockaddr_in *sa)
{
	int c, l;

	l = socket(AF_INET, SOCK_STREAM, 0);
	if (l < 0 || bind(l, (struct sockaddr *)sa, sizeof(*sa)) < 0 || listen(l, 5) < 0)
		exit(1);
	while ((c = accept(l, NULL, NULL)) < 0)
		if (errno != EINTR)
			exit(1);
	handle(c);
	return 0;
}
