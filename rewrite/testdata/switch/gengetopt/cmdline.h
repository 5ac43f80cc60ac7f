int cmdline_parser(int argc, char **argv);
