#define LOG_ENUMS OPT_LOG_FILE
#define LOG_OPTIONS \
	{"log-file", required_argument, 0, OPT_LOG_FILE}, \
	{"tcp-log", no_argument, 0, 'k'},
#define LOG_CASES \
	case OPT_LOG_FILE: \
		printf("log %s\n", optarg); \
		break; \
	case 'k': \
		printf("tcp\n"); \
		break;
