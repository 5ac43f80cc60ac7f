package knowledge

import "testing"

func TestCodeKind(t *testing.T) {
	for path, want := range map[string]string{
		"src/net.c":                            Product,
		"tests/client.c":                       Test,
		"lib/test_net.c":                       Test,
		"lib/net-test.c":                       Test,
		"lib/testclient.c":                     Test,
		"t/regress/a.c":                        Test,
		"unit_tests/src/a.c":                   Test,
		"minimal-examples/raw/minimal-raw.c":   Example,
		"src/demo.c":                           Example,
		"src/demod.c":                          Product,
		"src/latest/attest.c":                  Product,
		"src/redis-benchmark.c":                Product,
		"bench/client.c":                       Test,
		"deps/hiredis/net.c":                   Vendored,
		"deps/hiredis/examples/example.c":      Example,
		"third_party/x/y.c":                    Vendored,
		"third/party.c":                        Product,
		"src/3rd-party/y.c":                    Vendored,
		"Tests/Upper.c":                        Test,
		"./samples/server.c":                   Example,
		"sampleapps/consumer/events.c":         Example,
		"/home/u/src/keepatch/contest/x.c":     Product,
		"vendor/tests/a.c":                     Test,
		"extern/libntirpc/src/svc_vc.c":        Vendored,
		"":                                     Product,
		"...c":                                 Product,
		"examples/example-server/src/server.c": Example,
	} {
		if got := CodeKind(path); got != want {
			t.Errorf("CodeKind(%q) = %s, want %s", path, got, want)
		}
	}
}

func TestIsDebugMacro(t *testing.T) {
	for guard, want := range map[string]bool{
		"SPMD_DEBUG": true, "DEBUG": true, "DBG_NET": true, "NDEBUG": false, "!DEBUG": false,
		"DEBUG && X": false, "DEBUGGER": false, "HAVE_SOCKET": false, "": false,
	} {
		if got := IsDebugMacro(guard); got != want {
			t.Errorf("%q: %v, want %v", guard, got, want)
		}
	}
}
