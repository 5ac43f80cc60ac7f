#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <err.h>

int
dial (struct sockaddr_in *sa)
{
  int s;
  int on = 1;

  s = socket (AF_INET, SOCK_STREAM, 0);
  if (s < 0)
    {
      perror ("socket");
      return -1;
    }
  if (setsockopt (s, SOL_SOCKET, SO_REUSEADDR, (char *) &on,
		  sizeof (on)) < 0)
    perror ("setsockopt (SO_REUSEADDR)");
  if (connect (s, (struct sockaddr *) sa, sizeof (*sa)) < 0)
    {
      close (s);
      return -1;
    }
  return s;
}
