int dial(int port);
int take(int lfd);
