#ifdef _WIN32
#include <winsock2.h>
typedef SOCKET net_socket;
#else
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
typedef int net_socket;
#endif

/* The file's option is cast where Windows builds it: so has the new one to be. */
net_socket listen_on(const struct sockaddr_in *sin)
{
	net_socket s = socket(AF_INET, SOCK_STREAM, 0);
	int opt = 1;

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR,
#ifdef _WIN32
		   (const char *)&opt,
#else
		   &opt,
#endif
		   sizeof(opt));
	if (bind(s, (const struct sockaddr *)sin, sizeof(*sin)) < 0 || listen(s, 5) < 0)
		return -1;
	return s;
}

net_socket next_client(net_socket listener)
{
	net_socket client = accept(listener, NULL, NULL);
	if (client < 0)
		return -1;

	return client;
}
