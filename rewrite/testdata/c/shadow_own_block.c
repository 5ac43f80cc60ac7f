#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

int seat(int door, int quick)
{
    int guest = accept(door, 0, 0);
    if (guest < 0)
        return -1;
    const char greeting[] = "hello\n";
    if (write(guest, greeting, sizeof(greeting) - 1) < 0) {
        close(guest);
        return -1;
    }
    if (quick) {
        int on = 1;
        int keepalive = 0;
        setsockopt(guest, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (write(guest, &keepalive, sizeof(keepalive)) < 0)
            return -1;
    }
    return guest;
}
