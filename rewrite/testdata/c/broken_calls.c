/* options: style=inline */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* The sibling is broken in front of its value, though there is room for it. */
int session_of_client(int lfd)
{
	struct timeval longest = { 30, 0 };
	int on = 1;
	int client_socket = accept(lfd, NULL, NULL);

	if (client_socket < 0) {
		perror("accept");
		return -1;
	}
	if (setsockopt(client_socket, SOL_SOCKET, SO_RCVTIMEO,
		       &longest, sizeof(longest)) < 0)
		perror("SO_RCVTIMEO");
	if (setsockopt(client_socket, SOL_SOCKET, SO_OOBINLINE,
		       (void *)&on, sizeof(on)) < 0)
		perror("SO_OOBINLINE");
	return client_socket;
}

/* Here the line of the sibling is full: no habit. */
int session_of_server(int lfd)
{
	struct timeval longest_wait_for_any_request = { 30, 0 };
	int on = 1;
	int client_socket = accept(lfd, NULL, NULL);

	if (client_socket < 0) {
		perror("accept");
		return -1;
	}
	if (setsockopt(client_socket, SOL_SOCKET, SO_RCVTIMEO,
		       &longest_wait_for_any_request,
		       sizeof(longest_wait_for_any_request)) < 0)
		perror("SO_RCVTIMEO");
	(void)on;
	return client_socket;
}

/* One argument a line. */
int connected_socket(const struct sockaddr *address, socklen_t length)
{
	int connected;

	connected = socket(address->sa_family,
			   SOCK_STREAM,
			   IPPROTO_TCP);
	if (connected < 0)
		return -1;
	if (connect(connected,
		    address,
		    length) < 0) {
		close(connected);
		return -1;
	}
	return connected;
}
