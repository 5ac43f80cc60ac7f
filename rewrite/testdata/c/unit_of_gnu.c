#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

int other(int a, int b)
{
	if (a)
		b++;
	if (b)
		a++;
	while (a < b)
		a += 2;
	for (; b < 3; b++)
		a--;
	return a;
}

int
dial (struct sockaddr_in *to)
{
  int fd;

  if ((fd = socket (AF_INET, SOCK_STREAM, 0)) < 0)
    {
      perror ("can't open socket");
      return -1;
    }
  if (connect (fd, (struct sockaddr *) to, sizeof *to) < 0)
    {
      perror ("can't connect");
      return -1;
    }
  return fd;
}
