#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <unistd.h>

int serve(int fd);

bool server_dial(struct sockaddr_in *sa)
{
	for (int i = 0; i < 3; i++)
	{
		int sockfd = socket(AF_INET, SOCK_STREAM, 0);

		if (sockfd < 0)
			return false;

		int opt = 1;

		if (setsockopt(sockfd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof opt) < 0
			|| setsockopt(sockfd, SOL_SOCKET, SO_OOBINLINE, &opt, sizeof opt) < 0)
		{
			close(sockfd);
			return false;
		}

		if (connect(sockfd, (struct sockaddr *) sa, sizeof *sa) < 0)
		{
			close(sockfd);
			return false;
		}
	}

	return true;
}

bool server_listen(struct sockaddr_in *sa)
{
	int sockfd = socket(AF_INET, SOCK_STREAM, 0);

	if (sockfd < 0)
		return false;

	int opt = 1;

	if (setsockopt(sockfd, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof opt) < 0
		|| setsockopt(sockfd, SOL_SOCKET, SO_REUSEPORT, &opt, sizeof opt) < 0)
	{
		close(sockfd);
		return false;
	}

	if (bind(sockfd, (struct sockaddr *) sa, sizeof *sa) < 0)
	{
		close(sockfd);
		return false;
	}

	if (listen(sockfd, 5) < 0)
	{
		close(sockfd);
		return false;
	}

	return serve(sockfd);
}
