package knowledge

// Settings are library functions that return a setting of a configuration file by its
// name, and what they make of it: GLib's key files, libconfuse, libconfig, iniparser.
var Settings = map[string]string{
	"g_key_file_get_boolean": "bool",
	"g_key_file_get_integer": "int",
	"cfg_getbool":            "bool",
	"cfg_getint":             "int",

	"config_lookup_bool":         "bool",
	"config_lookup_int":          "int",
	"config_setting_lookup_bool": "bool",
	"config_setting_lookup_int":  "int",

	"iniparser_getboolean": "bool",
	"iniparser_getint":     "int",
}
