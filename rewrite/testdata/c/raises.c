/* A failure that is raised leaves the function, and a server does not lose a peer
 * over an option. Its types say that the headers of sockets are there. */
#include "vm.h"

void vm_raise(void *vm, const char *what);

void vm_fail(void *vm, const char *what)
{
	vm_raise(vm, what);
}

int serve(void *vm, int lfd, struct addrinfo *ai)
{
	int fd;

	if (bind(lfd, ai->ai_addr, ai->ai_addrlen) == -1)
		vm_fail(vm, "bind");
	fd = accept(lfd, 0, 0);
	if (fd == -1) {
		vm_fail(vm, "accept");
	}
	return fd;
}
