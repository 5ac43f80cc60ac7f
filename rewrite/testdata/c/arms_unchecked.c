/* Neither arm tests what it makes: one block behind the #endif does. */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
void serve(int fd);
void loop(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd, l = socket(AF_INET, SOCK_STREAM, 0);

	if (l < 0)
		return;
	bind(l, (struct sockaddr *)&sin, sizeof(sin));
	listen(l, 5);
	for (;;) {
#ifdef HAVE_ACCEPT4
		fd = accept4(l, NULL, NULL, SOCK_CLOEXEC);
#else
		fd = accept(l, NULL, NULL);
#endif
		serve(fd);
	}
}
