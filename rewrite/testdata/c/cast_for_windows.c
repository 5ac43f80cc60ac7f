#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

static int listener;

static int take(void)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return -1;

	return fd;
}

int serve(void)
{
	int yes = 1;

	if ((listener = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
		printf("no socket\n");
		return -1;
	}

	if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR,
#ifdef _WIN32
		       (const char *) &yes,
#else
		       &yes,
#endif
		       sizeof(yes)) == -1) {
		printf("setsockopt SO_REUSEADDR failed\n");
		return -1;
	}

#ifdef _WIN32
	if (setsockopt(listener, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *) &yes, sizeof(yes)) == -1)
		printf("setsockopt SO_EXCLUSIVEADDRUSE failed\n");
#endif

	listen(listener, 5);
	return take();
}
