#ifndef LOG_H
#define LOG_H

#define LV_ERROR 1
#define LV_INFO 2

void log_of(int level, const char *part, const char *fmt, ...);

#endif
