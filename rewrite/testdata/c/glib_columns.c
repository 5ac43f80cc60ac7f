#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

typedef int gint;

gint
dial (struct sockaddr_in *sa)
{
  const char *name  = "peer";
  gint        fd    = -1;
  gint        rc;

  fd = socket (AF_INET, SOCK_STREAM, 0);
  if (fd == -1)
    return -1;

  rc = connect (fd, (struct sockaddr *) sa, sizeof (*sa));
  if (rc == -1)
    {
      close (fd);
      return -1;
    }

  return name ? fd : rc;
}
