package doc

// NoteNames are the words that name a note or a warning, in lower case, in the order of how often they are used.
var NoteNames = []string{
	"note", "important", "warning", "caution", "tip", "attention", "stop", "danger", "hint", "info", "reminder", "seealso",
}
