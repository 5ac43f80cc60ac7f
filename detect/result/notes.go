package result

// Note is a finding about something that is not a call: a suppression comment
// that is malformed or that nothing needs.
type Note struct {
	Rule    string `json:"rule"`
	File    string `json:"file"`
	Line    int    `json:"line"`   // 1-based
	Column  int    `json:"column"` // 1-based, in bytes
	Message string `json:"message"`
}
