/* Macros and enumerators of the project. */
#include <sys/socket.h>
#include "constants.h"

#define FAMILY AF_INET
#define STREAM (SOCK_STREAM)
#define STREAM_FLAGS (SOCK_STREAM | SOCK_CLOEXEC)
#define DGRAM SOCK_DGRAM

enum kind { KIND_STREAM = SOCK_STREAM, KIND_DGRAM = SOCK_DGRAM };

#ifdef AF_INET6
#define ANY_FAMILY AF_INET6
#else
#define ANY_FAMILY AF_INET
#endif

void constants(struct sockaddr *sa, socklen_t len)
{
	int fd;

	fd = socket(FAMILY, STREAM, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(FAMILY, STREAM_FLAGS, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(FAMILY, DGRAM, 0); /* want: not-tcp */
	connect(fd, sa, len);
	fd = socket(FAMILY, KIND_STREAM, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(FAMILY, KIND_DGRAM, 0); /* want: not-tcp */
	connect(fd, sa, len);
	fd = socket(ANY_FAMILY, SOCK_STREAM, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(FAR_FAMILY, FAR_TYPE, 0); /* want: missing tcp client */
	connect(fd, sa, len);
	fd = socket(FAR_LOCAL, FAR_TYPE, 0); /* want: not-tcp */
	connect(fd, sa, len);
}
