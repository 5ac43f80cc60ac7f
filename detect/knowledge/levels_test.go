package knowledge

import "testing"

func TestLevels(t *testing.T) {
	for _, tt := range []struct {
		name   string
		level  bool
		family string
	}{
		{"LOG_ERR", true, "LOG_"}, {"LOG_WARNING", true, ""}, {"MY_LOG_CRITICAL", true, "MY_LOG_"}, {"ERROR", true, ""},
		{"DEBUG", true, ""}, {"LOGERR", false, ""}, {"LOG_DAEMON", false, ""}, {"", false, ""},
	} {
		if got := IsLevel(tt.name); got != tt.level {
			t.Errorf("%s is a level: %v", tt.name, got)
		}
		if got := LevelFamily(tt.name); got != tt.family {
			t.Errorf("the family of %s: %q, want %q", tt.name, got, tt.family)
		}
	}
	for word, want := range map[string][2]bool{"Error": {true, true}, "fatal error": {true, true}, "Warning": {false, true}, "note": {false, false}} {
		if got := [2]bool{IsGravePrefix(word), IsLevelPrefix(word)}; got != want {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
}
