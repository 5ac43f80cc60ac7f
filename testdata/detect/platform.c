/* A file that only another platform can build. */
#include <winsock2.h>

int windows_only(struct sockaddr *sa, int len)
{
	SOCKET s = socket(AF_INET, SOCK_STREAM, 0); /* want: exempt tcp norules */

	if (s == INVALID_SOCKET)
		return -1;
	return connect(s, sa, len);
}
