#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
  int in1 = 0, out1 = 1, version = 1, lfd = 3, n;
  char buf[512];

  while (version < 2) {
    if ((in1 = accept(lfd, 0, 0)) < 0) {
      perror("accept");
      exit(1);
    }
    while ((n = read(in1, buf, sizeof(buf))) > 0)
      if (write(out1, buf, n) != n)
        exit(1);
    close(in1);
  }
  return 0;
}
