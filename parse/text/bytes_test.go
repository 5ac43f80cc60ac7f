package text

import "testing"

func TestWidth(t *testing.T) {
	tests := []struct {
		ws        string
		tab, want int
	}{
		{"", 8, 0}, {"    ", 8, 4}, {"\t", 8, 8}, {"\t\t", 4, 8}, {"  \t", 8, 8},
		{"        \t", 8, 16}, {"\t  ", 4, 6}, {"   \t", 4, 4}, {"\t", 1, 1}, {"\t", 0, 8}, {" \t", -3, 8},
	}
	for _, tt := range tests {
		if got := Width(tt.ws, tt.tab); got != tt.want {
			t.Errorf("Width(%q, %d) = %d, want %d", tt.ws, tt.tab, got, tt.want)
		}
	}
}
