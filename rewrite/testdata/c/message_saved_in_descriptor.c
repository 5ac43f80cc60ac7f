#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

void note(const char *fmt, ...);
int spoken(int fd);

/* the reason was kept where the descriptor is now */
int take(int listener)
{
    int ret;

    ret = accept(listener, NULL, NULL);
    if (ret == -1) {
        ret = errno;
        note("%s: accept() failed with %s (%d)", __func__, strerror(ret), ret);
        goto out;
    }
    spoken(ret);
out:
    return ret;
}
