#include <stdio.h>
#include <sys/socket.h>

#include "base.h"

void switch_option(int level, int name, int s, int on)
{
  if (setsockopt (s, level, name, &on, sizeof on) != 0)
    perror ("setsockopt");
}
