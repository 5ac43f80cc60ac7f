#ifdef __cplusplus
namespace net {
class Socket {
public:
	int accept(int fd);
	int open() { return socket(AF_INET, SOCK_STREAM, 0); } /* want: exempt */
};
}
#endif
