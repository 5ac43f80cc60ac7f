#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

static int
reopen (int lfd)
{
  close (lfd);
  return -1;
}

static void
serve (int fd, const char *greeting, int seconds)
{
  dprintf (fd, "%s %d\n", greeting, seconds);
  close (fd);
}

/* The bare body gets braces, and moves in behind them. */
int
answer (int lfd, const char *greeting)
{
  struct sockaddr_in peer;
  socklen_t len = sizeof (peer);
  int fd;

  if (listen (lfd, 5) < 0)
    {
      perror ("listen");
      return -1;
    }
  if ((fd = accept (lfd, (struct sockaddr *) &peer, &len)) < 0)
    lfd = reopen (lfd);
  if (fd >= 0)
    serve (fd, greeting,
           60);
  return lfd;
}
