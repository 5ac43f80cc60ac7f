#include <sys/socket.h>
#include <unistd.h>

void put(long *n, int *t, int fd);
int unify(long n, int t);

int sio_accept(int s)
{
    int newfd, error = 0;

    newfd = accept(s, NULL, NULL);

    if (newfd != -1) {
	long num; int num_t;
	put(&num, &num_t, newfd);
	(void) unify(num, num_t);
    } else error = 1;

    return error;
}

int sio_wait(int s)
{
    int newfd; char c;

    newfd = accept(s, NULL, NULL);
    if (newfd < 0)
	return -1;
    return read(newfd, &c, 1);
}
