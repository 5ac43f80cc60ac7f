struct addrinfo *resolve(const char *host, int type);
int resolve_into(const char *host, int type, struct addrinfo **out);
