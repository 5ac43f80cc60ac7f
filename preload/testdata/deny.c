/* A sandbox around a program:
 *
 *   deny [-t] CALL[,CALL...] CMD [ARGS...]
 *
 * makes the calls fail with EPERM as a container's profile does, or with -t ask
 * a tracer that is not there (ENOSYS). */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct { const char *name; int nr; } calls[] = {
	{ "connect", SYS_connect }, { "pidfd_getfd", 438 }, { "pidfd_open", 434 },
	{ "process_vm_readv", SYS_process_vm_readv }, { "seccomp", SYS_seccomp },
	{ "setsockopt", SYS_setsockopt },
};

int main(int argc, char **argv)
{
	struct sock_filter f[64] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)) };
	struct sock_fprog prog = { 1, f };
	unsigned answer = SECCOMP_RET_ERRNO | EPERM;
	char *name;
	size_t i;

	if (argc > 1 && strcmp(argv[1], "-t") == 0) {
		answer = SECCOMP_RET_TRACE;
		argv++;
		argc--;
	}
	if (argc < 3)
		return 2;
	for (name = strtok(argv[1], ","); name != NULL; name = strtok(NULL, ","))
		for (i = 0; i < sizeof calls / sizeof calls[0]; i++)
			if (strcmp(calls[i].name, name) == 0) {
				f[prog.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].nr, 0, 1);
				f[prog.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
			}
	f[prog.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) != 0) {
		perror("prctl");
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
