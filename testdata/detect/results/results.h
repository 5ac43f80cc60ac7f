enum outcome { FAILED, TUNED };
struct answer { int code; };

enum outcome tune(int fd);
struct answer connect_to(int fd);
