#define os_socket socket
#define os_accept (accept)
#ifdef _WIN32
#define old_socket socket
#endif
#define own_socket socket
#undef own_socket
