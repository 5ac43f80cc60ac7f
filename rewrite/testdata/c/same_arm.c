/* The branch that follows parts the sockets as the one that made them did: the block goes into its arm. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>

enum proto { UDP, TCP };
struct manager { enum proto protocol; int fd; struct sockaddr_in peer; };

int log_full_errno(int level, int error, const char *format, ...);
#define log_debug_errno(error, ...) log_full_errno(7, error, __VA_ARGS__)
#define log_error_errno(error, ...) log_full_errno(3, error, __VA_ARGS__)

static inline int setsockopt_int(int fd, int level, int optname, int value) {
        if (setsockopt(fd, level, optname, &value, sizeof(value)) < 0)
                return -errno;

        return 0;
}

int manager_open(struct manager *m) {
        int r;

        switch (m->protocol) {
                case UDP:
                        m->fd = socket(AF_INET, SOCK_DGRAM, 0);
                        break;
                case TCP:
                        m->fd = socket(AF_INET, SOCK_STREAM, 0);
                        break;
                default:
                        return -EPROTONOSUPPORT;
        }
        if (m->fd < 0)
                return log_error_errno(errno, "Failed to create socket: %m");

        switch (m->protocol) {
                case UDP: {
                        r = setsockopt_int(m->fd, IPPROTO_IP, IP_MULTICAST_LOOP, true);
                        if (r < 0)
                                return log_error_errno(r, "Failed to set IP_MULTICAST_LOOP: %m");
                }
                        break;
                case TCP: {
                        r = setsockopt_int(m->fd, IPPROTO_TCP, TCP_NODELAY, true);
                        if (r < 0)
                                log_debug_errno(r, "Failed to enable TCP_NODELAY mode, ignoring: %m");
                }
                        break;
                default:
                        break;
        }
        return connect(m->fd, (struct sockaddr *) &m->peer, sizeof(m->peer));
}
