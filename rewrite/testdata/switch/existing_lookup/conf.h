#ifndef CONF_H
#define CONF_H

int conf_bool(const char *key);

#endif
