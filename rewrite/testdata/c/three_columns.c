#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Four columns a level, but where somebody else wrote. */
int dial(const struct sockaddr_in *list, int n)
{
    int i, fd, best = -1;

    for (i = 0; i < n; i++) {
       fd = socket(AF_INET, SOCK_STREAM, 0);
       if (fd < 0) {
          perror("socket");
          break;
       }
       if (connect(fd, (const struct sockaddr *)&list[i], sizeof(*list)) == 0) {
          best = i;
          break;
       }
       close(fd);
    }
    if (best < 0) {
        fprintf(stderr, "nobody answers\n");
        return -1;
    }
    if (best > 0) {
        fprintf(stderr, "number %d answers\n", best);
        fflush(stderr);
    }
    if (best > 9) {
        fprintf(stderr, "that took long\n");
        fflush(stderr);
    }
    if (best > 99) {
        fprintf(stderr, "very long\n");
        fflush(stderr);
    }
    return fd;
}
