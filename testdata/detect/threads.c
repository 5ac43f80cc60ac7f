/* Descriptors that are handed to threads and kept in objects. */
#include <pthread.h>
#include <sys/socket.h>

static int on = 1;

static void *worker(void *arg)
{
	int fd = (int)(long)arg;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return NULL;
}

static void *pointed(void *arg)
{
	int *p = arg;
	int fd = *p;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return NULL;
}

struct job {
	int fd;
	int id;
};

static void *object(void *arg)
{
	struct job *job = arg;

	setsockopt(job->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return NULL;
}

static void by_value(int lfd)
{
	pthread_t t;
	int fd = accept(lfd, 0, 0); /* want: covered accepted set */

	pthread_create(&t, NULL, worker, (void *)(long)fd);
}

static void by_pointer(int lfd)
{
	pthread_t t;
	int *p = malloc(sizeof(int));

	*p = accept(lfd, 0, 0); /* want: covered accepted set */
	pthread_create(&t, NULL, pointed, p);
}

static void by_address(int lfd)
{
	pthread_t t;
	int fd;

	fd = accept(lfd, 0, 0); /* want: covered accepted set */
	pthread_create(&t, NULL, pointed, &fd);
}

static void by_object(int lfd)
{
	pthread_t t;
	struct job *job = malloc(sizeof(*job));

	job->fd = accept(lfd, 0, 0); /* want: covered accepted set */
	job->id = 1;
	pthread_create(&t, NULL, object, job);
}
