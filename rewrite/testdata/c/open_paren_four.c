#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

struct connection_of_one_customer {
    int descriptor_of_the_connection;
};

int greet(struct connection_of_one_customer *customer, int listening_descriptor)
{
    static const int switched_on = 1;

    customer->descriptor_of_the_connection = accept(listening_descriptor, 0, 0);
    if (customer->descriptor_of_the_connection < 0)
        return -1;
    setsockopt(
        customer->descriptor_of_the_connection, IPPROTO_TCP, TCP_NODELAY,
        &switched_on, sizeof(switched_on));
    return 0;
}
