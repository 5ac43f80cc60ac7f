/* What a child can do to whoever looks at its calls:
 *
 *   hostile fault PORT     setsockopt with its value in a page that nobody
 *                          provides (userfaultfd)
 *   hostile file FILE      connect() and close() of descriptors of FILE, whose
 *                          file system may hang
 *   hostile linger PORT    threads close the socket that another connects
 *   hostile exec           one exec after the other
 *   hostile storm          opens and closes descriptors for ever
 *
 * "ready" once it has begun; exit status 77 where the machine cannot. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 24

static struct sockaddr_in addr;
static const char *file;
static char *page;

static void *fault(void *unused)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	syscall(SYS_setsockopt, fd, IPPROTO_TCP, TCP_KEEPIDLE, page, 4);
	return unused;
}

static void *hang(void *unused)
{
	int fd;

	while ((fd = open(file, O_RDONLY)) >= 0) {
		connect(fd, (struct sockaddr *)&addr, sizeof addr);
		close(fd);
	}
	return unused;
}

static int shared[THREADS];

static void *closer(void *arg)
{
	int *fd = arg;

	for (;;)
		close(*(volatile int *)fd);
	return NULL;
}

static void *lingerer(void *arg)
{
	struct linger l = { 1, 30 };
	static char data[1 << 16];
	int *fd = arg;

	for (;;) {
		*(volatile int *)fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		setsockopt(*fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
		connect(*fd, (struct sockaddr *)&addr, sizeof addr);
		send(*fd, data, sizeof data, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	return NULL;
}

static void *storm(void *unused)
{
	for (;;)
		close(socket(AF_INET, SOCK_STREAM, 0));
	return unused;
}

static int uffd(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register r;
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	r.range.start = (unsigned long)page;
	r.range.len = 4096;
	r.mode = UFFDIO_REGISTER_MODE_MISSING;
	return fd >= 0 && page != MAP_FAILED && ioctl(fd, UFFDIO_API, &api) == 0 && ioctl(fd, UFFDIO_REGISTER, &r) == 0;
}

int main(int argc, char **argv)
{
	void *(*part)(void *) = NULL;
	pthread_t t;
	int i;

	if (argc < 2)
		return 2;
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc > 2)
		addr.sin_port = htons(atoi(argv[2])), file = argv[2];
	if (strcmp(argv[1], "fault") == 0) {
		if (!uffd())
			return 77;
		part = fault;
	} else if (strcmp(argv[1], "file") == 0) {
		part = hang;
	} else if (strcmp(argv[1], "linger") == 0) {
		part = lingerer;
	} else if (strcmp(argv[1], "storm") == 0) {
		part = storm;
	} else {
		puts("ready");
		fflush(stdout);
		for (;;) {
			if (fork() == 0) {
				execlp("true", "true", (char *)NULL);
				_exit(1);
			}
			wait(NULL);
		}
	}
	for (i = 0; i < (part == fault || part == hang ? THREADS : 2); i++) {
		pthread_create(&t, NULL, part, &shared[i]);
		if (part == lingerer)
			pthread_create(&t, NULL, closer, &shared[i]);
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
