#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

extern void print_all(const char *fmt, int a, int b, int c, int d,
					  int e);

int log_all(const char *name, int a, int b)
{
	print_all(name, a, b,
			  0, 0, 0);
	print_all(name, b, a,
			  1, 1, 1);
	print_all("x", b, a,
			  2, 1, 1);
	print_all("y", b, a,
			  2, 1, 1);
	return 0;
}

struct addr_list { int busy, len; struct sockaddr *to; };

int dial(struct addr_list *list, int n)
{
	int i, fd = -1;

	for (i = 0; i < n; i++) {

	  if (list->busy) {
	    puts("busy");
	    list->busy--;
	    continue;
	  }
	  fd = socket(AF_INET, SOCK_STREAM, 0);
	  if (fd < 0) {
	    puts("no socket");
	    n--;
	    continue;
	  }
	  if (connect(fd, list->to, list->len) < 0) {
	    puts("no connection");
	    close(fd);
	    fd = -1;
	    continue;
	  }
	  break;
	}
	return fd;
}
