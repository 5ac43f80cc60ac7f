#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* Two arms of a function take the same care. */
int dial(struct sockaddr_in *sa, int n)
{
    int fd = -1;
#ifdef HAVE_LIST
    int i;

    for (i = 0; i < n; i++) {
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
	    continue;
	if (connect(fd, (struct sockaddr *)&sa[i], sizeof(sa[i])) == 0)
	    break;
	close(fd);
    }
    if (i == n) {
	die("connect");
    }
#else
    if (n == 0) {
	return -1;
    }
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
	die("socket");
    if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
	die("connect");
#endif
    return fd;
}
