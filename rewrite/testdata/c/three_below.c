/* One function has three columns a level, the others tabs. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int other(int fd)
{
	if (fd < 0)
		return -1;
	if (fd > 3)
		return 3;
	if (fd > 2)
		return 2;
	return fd;
}

int connect_to(const struct sockaddr_in *sin) {
   int fd;
   fd=socket(AF_INET, SOCK_STREAM, 0);
   if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin))!=0) {
      return -1;
   }
   return fd;
}
