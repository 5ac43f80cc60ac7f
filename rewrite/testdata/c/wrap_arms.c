/* Calls whose result goes into no variable, in arms of equal and of other conditions: a function that the
 * other call's builds have serves both; where they have none, there is another. */
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef WIN32

int call_first(const struct addrinfo *p)
{
    int fd;

    for (; p; p = p->ai_next)
        if ((fd = socket(p->ai_family, SOCK_STREAM, p->ai_protocol)) == -1) continue;
        else if (connect(fd, p->ai_addr, p->ai_addrlen) == -1) { close(fd); continue; }
        else return fd;
    return -1;
}

#endif

int call_any(void);

#ifndef WIN32

int call_second(const struct addrinfo *p)
{
    int fd;

    for (; p; p = p->ai_next)
        if ((fd = socket(p->ai_family, SOCK_STREAM, p->ai_protocol)) == -1) continue;
        else if (connect(fd, p->ai_addr, p->ai_addrlen) == -1) { close(fd); continue; }
        else return fd;
    return -1;
}

#endif

#ifdef WITH_THIRD

int call_third(const struct addrinfo *p)
{
    int fd;

    for (; p; p = p->ai_next)
        if ((fd = socket(p->ai_family, SOCK_STREAM, p->ai_protocol)) == -1) continue;
        else if (connect(fd, p->ai_addr, p->ai_addrlen) == -1) { close(fd); continue; }
        else return fd;
    return -1;
}

#endif
