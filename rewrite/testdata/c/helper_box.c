/* options: idle=60 interval=10 count=5 */
/* The function's comment is a box: rows of marks, the title between them another kind of comment. */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/************************************************************/
//		names
/************************************************************/
int known(const char *host)
{
	return strcmp(host, "localhost") == 0;
}

/************************************************************/
//		connections
/************************************************************/
int call_one(struct sockaddr_in *to)
{
	int s;

	if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		printf("Cannot create socket: %s\n", strerror(errno));
		return -1;
	}
	return connect(s, (struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : s;
}
