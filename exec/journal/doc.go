// Package journal keeps the facts of a session on disk: in order, chained, never twice.
//
// Its promise: what Append has acknowledged is there after any crash; what was never acknowledged is either kept whole
// or dropped and reported; and nothing that was changed afterwards goes unseen. (A chain cannot show that its own end was
// taken away. What that end had started shows it, and so does what is remembered beside the sessions, in .heads/ID: which
// line was acknowledged last. So does a signature of Sum.)
//
// A session is one directory that only its owner may enter:
//
//	ID/
//	├── journal.jsonl   one line is one decision
//	├── home            the directory that this is: a copy of it has another, and is known for one
//	├── lock            flocked by the one process that may append; names that process
//	├── reserve         1 MiB, given up on a full disk so that the ends of running commands are still recorded
//	├── plan.json       what is walked
//	├── source/         every document that was read
//	├── attachments/    every file the operator attached
//	├── attempts/SEQ/   the files of the attempt that line SEQ started; out is what it printed
//	└── contexts/       what a shell left to the next, by its digest
//
// Every line is JSON, without HTML escapes, and names the one before it:
//
//	{"v":1,"session":"ID","seq":1,"epoch":1,"prev":"","at":…,"mono":…,"boot":…,"by":{…},"facts":[…],"sum":"9f2c…"}⏎
//	└──────────────────────────────┬──────────────────────────────────────────────────────────────┘
//	                               └ sum is the sha256 of these bytes
//	└──────────────────────────────┬─────────────────────────────────────────────────────────────────────────────┘
//	                               └ prev of the next line is the sha256 of these bytes, the newline left out
//
//	{"v":1,"seq":2,"epoch":1,"prev":"41d0…","at":…, …
//
// Both are lower case hex. The session is named on the first line only, whose prev is empty; seq counts from 1 without
// gaps; epoch never falls; at is UTC; mono is in microseconds; a text that is not UTF-8 is "\u0000base64:" and its bytes.
// What the session walks is digested in the opened fact of the first line.
//
// A file whose fsync failed once is dead. The journal then goes on in a new file that begins with every acknowledged line
// and takes the dead one's name in one step, so that whoever reads has one file to look at, whatever happened to it.
//
// So the record can be checked without this program. In the directory of a session, for sh with jq and sha256sum:
//
//	prev=
//	seq=0
//	while IFS= read -r line; do
//		seq=$((seq + 1))
//		body=$(printf %s "${line%,\"sum\":*}" | sha256sum)
//		want="$seq $prev ${body%% *}"
//		have=$(printf '%s\n' "$line" | jq -r '"\(.seq) \(.prev) \(.sum)"')
//		[ "$have" = "$want" ] || { echo "journal.jsonl:$seq: does not hold"; exit 1; }
//		prev=$(printf %s "$line" | sha256sum)
//		prev=${prev%% *}
//	done <journal.jsonl
//	echo "$seq lines hold"
//
// A last line without its newline is passed over there. This package keeps it if its sum holds. One with zero bytes in it
// does not hold there, nor here; a power cut leaves the like, it was never acknowledged, and whoever resumes drops it.
package journal
