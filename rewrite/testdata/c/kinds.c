#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct conf {
	int udp;
	int proto;
};

int by_flag(struct conf *c, struct sockaddr_in *sa)
{
	int fd;

	if (c->udp)
		fd = socket(AF_INET, SOCK_DGRAM, 0);
	else
		fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int by_case(struct conf *c, struct sockaddr_in *sa)
{
	int fd = -1;

	switch (c->proto) {
	case IPPROTO_UDP:
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		break;
	case IPPROTO_TCP:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		break;
	default:
		return -1;
	}
	if (fd < 0)
		perror("socket");
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int two_of_three(struct conf *c, struct sockaddr *sa, socklen_t len)
{
	int fd;

	switch (c->proto) {
	case 4:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		break;
	case 6:
		fd = socket(AF_INET6, SOCK_STREAM, 0);
		break;
	default:
		fd = socket(AF_INET, SOCK_DGRAM, 0);
	}
	if (fd < 0)
		return -1;
	if (connect(fd, sa, len) < 0)
		return -1;
	return fd;
}

int by_question(int proto, struct sockaddr_in *sa)
{
	int fd = proto == IPPROTO_TCP ? socket(AF_INET, SOCK_STREAM, 0) : socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

int changed_on_the_way(int udp, struct sockaddr_in *sa)
{
	int fd;

	if (udp) {
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		udp = 0;
	} else {
		fd = socket(AF_INET, SOCK_STREAM, 0);
	}
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return udp;
	return fd;
}

/* Each arm makes its type in a way of its own: a test of one says nothing of the other. */
int by_two_types(int mode, int type, int udp, struct sockaddr_in *sa)
{
	int fd;

	if (mode) {
		fd = socket(AF_INET, type, 0);
	} else {
		fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	}
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

/* What is asked by a call is not asked again. */
int by_call(struct sockaddr_in *sa)
{
	int fd = socket(AF_INET, getppid() == 1 ? SOCK_STREAM : SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}

/* A test of the one call says nothing of the other. */
int by_either(int udp, int local, int type, struct sockaddr_in *sa)
{
	int fd = local ? socket(AF_INET, type, 0) : socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)sa, sizeof(*sa)) < 0)
		return -1;
	return fd;
}
