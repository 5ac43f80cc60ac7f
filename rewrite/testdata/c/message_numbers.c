#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOG_WARN, LOG_ERROR };
void log_wto(const char *fmt, ...);
void log_any(int level, const char *fmt, ...);
void serve(int fd);

/* Each of these messages has a number, and a new one would need one. */
int listen_on(struct sockaddr_in *sin)
{
    int sock;
    int rc;

    sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock < 0) {
        log_wto("NETD050E SOCKET() FAILED, ERRNO=%d", errno);
        return -1;
    }
    if (bind(sock, (struct sockaddr *)sin, sizeof(*sin)) < 0) {
        log_wto("NETD051E BIND() FAILED, ERRNO=%d", errno);
        close(sock);
        return -1;
    }
    if (listen(sock, 5) < 0) {
        log_wto("NETD052E LISTEN() FAILED, ERRNO=%d", errno);
        close(sock);
        return -1;
    }

    for (;;) {
        rc = accept(sock, NULL, NULL);
        if (rc < 0) {
            log_any(LOG_WARN, "%s: accept failed: %s", __func__, strerror(errno));
            continue;
        }

        serve(rc);
    }
}

int dial(struct sockaddr_in *sin)
{
    int sock;

    sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock < 0) {
        log_wto("NETD060E SOCKET() FAILED, ERRNO=%d", errno);
        return -1;
    }
    if (connect(sock, (struct sockaddr *)sin, sizeof(*sin)) < 0) {
        log_wto("NETD061E CONNECT() FAILED, ERRNO=%d", errno);
        close(sock);
        return -1;
    }
    return sock;
}
