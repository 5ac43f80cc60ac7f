#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base.h"

int start (const struct sockaddr_in *own)
{
  int s = socket (PF_INET, SOCK_STREAM, 0);

  if (s == -1)
    return -1;
  switch_option (SOL_SOCKET, SO_REUSEADDR, s, 1);
  if (bind (s, (const struct sockaddr *) own, sizeof *own) || listen (s, 5))
    {
      close (s);
      return -1;
    }
  return s;
}
