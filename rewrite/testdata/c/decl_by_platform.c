#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#undef __unix__
#else
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#endif

void serve(int fd);
long find(long pid);

/* Each platform declares the number that it needs. */
int main(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	int l = socket(AF_INET, SOCK_STREAM, 0), fd;

	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 1) < 0)
		return 1;
	while ((fd = accept(l, 0, 0)) >= 0) {
		serve(fd);
	}
#if defined(__unix__) || defined(__APPLE__)
	int pid = getpid();
	find(pid);
#endif
#ifdef _WIN32
	long pid = argc;
	find(pid);
#endif
	return argv[0] == 0;
}
