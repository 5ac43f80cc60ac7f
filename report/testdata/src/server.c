#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int serve(void)
{
	int s, c, on = 1;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		return -1;
	listen(s, 5);
	for (;;) {
		c = accept(s, NULL, NULL);
		if (c < 0)
			continue;
		write(c, "hello\n", 6);
		close(c);
	}
}

#ifdef HAVE_ADMIN
int admin(int s)
{
	int c, on = 1;

	c = accept4(s, NULL, NULL, SOCK_CLOEXEC);
	setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return c;
}
#endif
