package knowledge

import (
	"slices"
	"strings"
)

// Levels of severity, as messages, the constants before them and the names of
// logging functions spell them. Sources: syslog(3), GLib's g_log() and what the labelled
// packages call their own.

// graveSuffixes end the names of constants for failures that end something, WarningSuffixes those
// for what goes wrong and ends nothing, the usual ones first, and mildSuffixes those of the others.
var (
	graveSuffixes   = strings.Fields("ERR ERROR CRIT CRITICAL ALERT EMERG")
	WarningSuffixes = strings.Fields("WARNING WARN")
	mildSuffixes    = strings.Fields("INFO NOTICE DEBUG")
)

// IsLevel reports whether a constant is a level, by its name: LOG_ERR, MY_WARNING.
func IsLevel(name string) bool {
	is := func(s string) bool { return name == s || strings.HasSuffix(name, "_"+s) }
	return slices.ContainsFunc(graveSuffixes, is) || slices.ContainsFunc(WarningSuffixes, is) || slices.ContainsFunc(mildSuffixes, is)
}

// SaysWarning reports whether a constant is that of warnings, by a part of its name.
func SaysWarning(name string) bool {
	return slices.ContainsFunc(WarningSuffixes, func(s string) bool { return strings.Contains(name, s) })
}

// IsWarningOf reports whether a constant is that of warnings in a family: LOG_WARNING of LOG_.
func IsWarningOf(family, name string) bool {
	s, ok := strings.CutPrefix(name, family)
	return ok && slices.Contains(WarningSuffixes, s)
}

// LevelFamily is the name of a constant for failures without its level: LOG_ of LOG_ERR;
// "" for any other constant.
func LevelFamily(name string) (family string) {
	for _, s := range graveSuffixes {
		if b, ok := strings.CutSuffix(name, s); ok && (b == "" || strings.HasSuffix(b, "_")) {
			family = b
		}
	}
	return family
}

// GraveSyslog are the levels of syslog() that say more than that something failed.
var GraveSyslog = SetOf("LOG_CRIT LOG_ALERT LOG_EMERG")

// MilderFunctions are parts of the names of functions that report failures, and of those
// beside them that warn, in the order in which they are tried.
var MilderFunctions = [][2]string{
	{"error", "warning"}, {"error", "warn"}, {"ERROR", "WARNING"}, {"ERROR", "WARN"}, {"Error", "Warning"}, {"Error", "Warn"},
	{"critical", "warning"}, {"_CRIT", "_WARN"}, {"_CRIT", "_WARNING"}, {"_CRIT", "_ERR"},
	{"_CRIT", "_ERROR"}, {"_crit", "_warn"}, {"_crit", "_err"},
	{"_ALERT", "_WARN"}, {"_ALERT", "_WARNING"}, {"_ALERT", "_ERR"}, {"_alert", "_warn"}, {"_alert", "_err"},
	{"_err", "_warn"}, {"_ERR", "_WARN"}, {"_err", "_warning"},
}

// The words for its level that a message begins with, in lower case: those of messages
// that something ended, and the others.
var (
	gravePrefixes = []string{"error", "err", "fatal", "fatal error", "critical", "critical error", "alert", "panic"}
	mildPrefixes  = []string{"warning", "warn", "notice", "info", "debug"}
)

// IsGravePrefix reports whether a message that begins so is about a failure that ended
// something.
func IsGravePrefix(word string) bool { return slices.Contains(gravePrefixes, strings.ToLower(word)) }

// IsLevelPrefix reports whether a message may begin with a word for its level.
func IsLevelPrefix(word string) bool {
	return IsGravePrefix(word) || slices.Contains(mildPrefixes, strings.ToLower(word))
}
