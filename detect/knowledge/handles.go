package knowledge

// HandleUse tells how a library's function turns a descriptor, which it gets as
// argument fd, into a handle of its own, or such a handle back into a descriptor:
// it returns it, or stores it through argument to.
type HandleUse struct {
	FD, To   int
	OnlyWith string // a handle is followed where the tree names one of these
}

const Returned = -1

// Handles are the functions of libraries whose handles have a way to set options,
// or to get at the descriptor again. Sources: the manuals of GLib, libuv, APR
// and OpenSSL.
var Handles = map[string]HandleUse{
	"g_socket_new_from_fd": {0, Returned, "g_socket_set_keepalive g_socket_set_option g_socket_get_fd"},
	"g_socket_get_fd":      {0, Returned, ""},
	"uv_tcp_open":          {1, 0, "uv_tcp_keepalive uv_fileno"},
	"uv_fileno":            {0, 1, ""},
	"apr_os_sock_put":      {1, 0, "apr_socket_opt_set apr_os_sock_get"},
	"apr_os_sock_get":      {1, 0, ""},
	"BIO_new_socket":       {0, Returned, "BIO_get_fd"},
	"BIO_get_fd":           {0, 1, ""},

	"g_socket_connection_factory_create_connection": {0, Returned, "g_socket_connection_get_socket"},
	"g_socket_connection_get_socket":                {0, Returned, ""},
}

// PairedCallback is the function of a pair that gets as argument Arg what the other
// returned. Both are set by one call of a library each, on the same handle, by constants.
type PairedCallback struct {
	Name string
	Arg  int
}

// PairedCallbacks are such pairs, by the constant of the function that returns a
// descriptor. Source: libcurl, CURLOPT_OPENSOCKETFUNCTION(3).
var PairedCallbacks = map[string]PairedCallback{
	"CURLOPT_OPENSOCKETFUNCTION": {"CURLOPT_SOCKOPTFUNCTION", 1},
}
