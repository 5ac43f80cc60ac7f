#include<sys/socket.h>
#include<netinet/in.h>
#include<stdio.h>
#include<stdlib.h>
#include<unistd.h>
int lfd,cfd;
int serve(int port){
 struct sockaddr_in a;
 a.sin_family=AF_INET;a.sin_port=htons(port);a.sin_addr.s_addr=INADDR_ANY;
 if((lfd=socket(AF_INET,SOCK_STREAM,0))<0){perror("socket");exit(1);}
 if(bind(lfd,(struct sockaddr*)&a,sizeof(a))<0){perror("bind");exit(1);}
 if(listen(lfd,5)<0){perror("listen");exit(1);}
 while(1){
  cfd=accept(lfd,NULL,NULL);
  if(cfd<0)continue;
  if(fork()==0){dup2(cfd,0);execl("/bin/cat","cat",(char*)0);exit(1);}
  close(cfd);
 }
}
