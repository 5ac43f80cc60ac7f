/* An emulation of Winsock for other systems: the folder's name says Windows,
 * the code says that it is built everywhere else. */
int accept(int fd, void *addr, void *len);

#ifndef _WIN32

int wrapped_accept(int fd)
{
	return accept(fd, 0, 0); /* want: missing tcp accepted KA002 */
}

#endif

int plain_accept(int fd)
{
	return accept(fd, 0, 0); /* want: exempt */
}
