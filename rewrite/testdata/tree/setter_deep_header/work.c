#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "all.h"

int begin (struct job *j, const struct sockaddr_in *at)
{
  j->conn = socket (PF_INET, SOCK_STREAM, 0);
  if (j->conn == -1)
    return -1;
  if (connect (j->conn, (const struct sockaddr *) at, sizeof *at))
    {
      close (j->conn);
      return -1;
    }
  return 0;
}
