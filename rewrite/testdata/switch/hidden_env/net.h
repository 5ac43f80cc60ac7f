
typedef int unused_here;
