#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int say(int fd, const char *line);

int greet(int sock, const char *name)
{
    if(say(sock, "name") < 0)
    {
        fprintf(stderr, "name failed\n");
        return -1;
    }
    if(say(sock, name) < 0)
    {
        fprintf(stderr, "%s failed\n", name);
        return -1;
    }
    if(say(sock, "mode") < 0)
    {
        fprintf(stderr, "mode failed\n");
        return -1;
    }
    if(say(sock, "open") < 0)
    {
        fprintf(stderr, "open failed\n");
        return -1;
    }
    if(say(sock, "end") < 0)
    {
        fprintf(stderr, "end failed\n");
        return -1;
    }
    return 0;
}

/* A statement without braces stands on the line of its if: those on a line of their own all have braces. */
int join(struct sockaddr_in *peer, int tries)
{
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    if(sock < 0)
    {
        fprintf(stderr, "socket failed\n");
        return -1;
    }
    if(tries < 1) tries = 1;
    while(connect(sock, (struct sockaddr *) peer, sizeof(*peer)) < 0)
    {
        if(--tries == 0)
        {
            fprintf(stderr, "connect failed\n");
            close(sock);
            return -1;
        }
    }
    if(say(sock, "hello") < 0)
    {
        fprintf(stderr, "hello failed\n");
        close(sock);
        return -1;
    }
    if(say(sock, "list") < 0)
    {
        fprintf(stderr, "list failed\n");
        close(sock);
        return -1;
    }
    return sock;
}
