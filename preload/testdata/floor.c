/* The least that a supervisor can do, to measure keepatch against:
 *
 *   floor continue CMD [ARGS...]    lets each connect(2) go on
 *   floor cover CMD [ARGS...]       turns keepalive on, if it is a TCP socket
 *
 * It ends with the program, whatever the program's status. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void cover(const struct seccomp_notif *n)
{
	static int pidfd = -1;
	static unsigned tid;
	int fd, value, on = 1;
	socklen_t size = sizeof value;

	if (n->pid != tid) {
		close(pidfd);
		pidfd = syscall(SYS_pidfd_open, n->pid, O_EXCL);
		tid = n->pid;
	}
	fd = syscall(SYS_pidfd_getfd, pidfd, (int)n->data.args[0], 0);
	if (getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, &size) == 0)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	close(fd);
}

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof code / sizeof code[0], code };
	volatile int *theirs = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct seccomp_notif n;
	struct seccomp_notif_resp r;
	int go[2], listener;
	pid_t pid;
	char c;

	if (argc < 3 || theirs == MAP_FAILED || pipe(go) != 0)
		return 2;
	*theirs = -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		*theirs = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
		if (*theirs < 0 || read(go[0], &c, 1) != 1)
			_exit(2);
		fcntl(*theirs, F_SETFD, FD_CLOEXEC);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (*theirs < 0 && waitpid(pid, NULL, WNOHANG) == 0)
		usleep(100);
	listener = syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0), *theirs, 0);
	if (listener < 0 || write(go[1], "x", 1) != 1)
		return 2;
	ioctl(listener, _IOW('!', 4, unsigned long long), 1); /* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP */
	for (;;) {
		memset(&n, 0, sizeof n);
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) != 0) {
			if (errno == ENOENT)
				return 0;
			continue;
		}
		if (strcmp(argv[1], "cover") == 0)
			cover(&n);
		memset(&r, 0, sizeof r);
		r.id = n.id;
		r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
}
