#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int open_peer(in_addr_t ip, in_port_t port)
{
    struct sockaddr_in peer;
    int fd;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == 1) {
        return -2;
    }

    memset(&peer, 0, sizeof(peer));
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = ip;
    peer.sin_port = port;

    if (connect(fd, (const struct sockaddr *) &peer, sizeof(peer)) < 0) {
        return -1;
    }
    return fd;
}
