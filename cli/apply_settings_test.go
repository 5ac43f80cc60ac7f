package cli

import (
	"reflect"
	"slices"
	"testing"

	"github.com/keepatch/keepatch/detect/config"
)

// perRun are the options of apply that belong to one run, not to a project.
var perRun = []string{"write", "output", "only", "interactive", "color", "no-pager"}

// Every other option of apply has its key in the section patch of the configuration
// file, and every key is an option. A test of package config holds the JSON schema
// against the keys.
func TestPatchKeys(t *testing.T) {
	var options, keys []string
	for _, f := range append(applyFlags(), rewriteFlags()...) {
		if name := f.Names()[0]; !slices.Contains(perRun, name) {
			options = append(options, name)
		}
	}
	typ := reflect.TypeFor[config.Patch]()
	for i := range typ.NumField() {
		keys = append(keys, typ.Field(i).Tag.Get("yaml"))
	}
	slices.Sort(options)
	slices.Sort(keys)
	if !slices.Equal(options, keys) {
		t.Errorf("options %q\nkeys    %q", options, keys)
	}
	for _, f := range append(applyFlags(), rewriteFlags()...) {
		name := f.Names()[0]
		if words := config.PatchWords[name]; words != nil && !slices.Contains(keys, name) {
			t.Errorf("%s has words and no key", name)
		}
	}
}
