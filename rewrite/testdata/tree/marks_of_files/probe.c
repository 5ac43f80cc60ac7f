#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

int tune(int fd);

int probe(struct addrinfo *ai)
{
    int err, fd;

    fprintf(stderr, "[+] trying\n");
    fd = socket(ai->ai_family, SOCK_STREAM, 0);
    if (fd == -1) {
        fprintf(stderr, "[-] socket(): %s\n", strerror(errno));
        return -1;
    }

    err = connect(fd, ai->ai_addr, ai->ai_addrlen);
    if (err) {
        fprintf(stderr, "[-] connect(): %s\n", strerror(errno));
        close(fd);
        return -1;
    }
    fprintf(stderr, "[+] connected\n");
    return fd;
}
