/* A function with two heads, one a platform: the parameter of either is the one in its body. The option under an #if
   stands inside the arm of the check. */
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>

#define INVALID_SOCKET (-1)
#define LOG_ERROR 3

int Socket_error(const char *what, int fd);
void Log(int level, int n, const char *fmt, ...);

#if defined(__GNUC__) && defined(__linux__)
int Socket_new(struct sockaddr_in *address, int *sock, long timeout)
#else
int Socket_new(struct sockaddr_in *address, int *sock)
#endif
{
	int rc = 0;

	if (address->sin_port == 0)
		Log(LOG_ERROR, -1, "bad address");
	else
	{
		*sock =	socket(AF_INET, SOCK_STREAM, 0);
		if (*sock == INVALID_SOCKET)
			rc = Socket_error("socket", *sock);
		else
		{
#if defined(NOSIGPIPE)
			int opt = 1;

			if (setsockopt(*sock, SOL_SOCKET, SO_NOSIGPIPE, (void*)&opt, sizeof(opt)) != 0)
				Log(LOG_ERROR, -1, "Could not set SO_NOSIGPIPE for socket %d", *sock);
#endif
			Log(1, -1, "New socket %d", *sock);
			if (connect(*sock, (struct sockaddr*)address, sizeof(*address)) < 0)
				rc = Socket_error("connect", *sock);
		}
	}
	return rc;
}
