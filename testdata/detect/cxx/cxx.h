#include <sys/socket.h>

namespace net {

class Socket : public Base {
public:
	Socket(int fd);
	int accept(int fd);
	int open() { return socket(AF_INET, SOCK_STREAM, 0); } /* want: missing */
	int global() const { return ::socket(AF_UNIX, SOCK_STREAM, 0); } /* want: not-tcp */
	virtual void socket(int x) = 0;
};

inline int Socket::accept(int fd)
{
	return ::accept(fd, 0, 0); /* want: missing accepted */
}

}
