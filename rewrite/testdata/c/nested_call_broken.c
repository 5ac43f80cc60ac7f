#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <unistd.h>

void debug_printf(int level, const char *format, ...);
const char *text_of(int error, char *buffer, size_t size);

int dial(struct sockaddr_in *sa)
{
    char buffer[512];
    int fd;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1) {
        debug_printf(1, "Error opening socket :%d:%s....\n", errno,
                     text_of(errno, buffer, sizeof(buffer)));
        return -1;
    }
    if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) == -1) {
        debug_printf(1, "Error connecting to socket :%d:%s....\n", errno,
                     text_of(errno, buffer, sizeof(buffer)));
        close(fd);
        return -1;
    }
    return fd;
}
