struct port;

struct port_ops {
	int (*open)(struct port *);
	int (*take)(struct port *);
};

struct port {
	int fd;
	const struct port_ops *ops;
};

extern const struct port_ops net_ops, local_ops;
