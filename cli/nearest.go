package cli

import "slices"

// nearest is the one of some names that a word with a slip in it was meant for: at most
// a third of its letters are wrong, missing, too many or exchanged with the next; "" if
// there is none.
func nearest(word string, names []string) string {
	best, least := "", len(word)/3
	if len(word) > 1 && least == 0 {
		least = 1
	}
	for _, n := range slices.Sorted(slices.Values(names)) {
		if d := slips(word, n); len(n) > 1 && d <= least && (best == "" || d < least) {
			best, least = n, d
		}
	}
	return best
}

// slips is the distance of two words by Damerau and Levenshtein, in its restricted form.
func slips(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
