#!/bin/sh
# eval.sh HANGATCTL RULES DIR: a line for each set of labelled messages, then all
# figures of each.
set -eu
ctl=$1 rules=$2 dir=$3
set --
for f in "$dir"/*.jsonl; do
	[ -f "$f" ] || { echo "$dir: holds no *.jsonl" >&2; exit 2; }
	case $(basename "$f") in
	mood_*) set -- "$@" --moods "$f" ;;
	*) set -- "$@" --labelled "$f" ;;
	esac
done
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$ctl" test --rules "$rules" "$@" >"$out"
echo "set                     rows  figures of all its origins"
awk -v dir="$dir/" '
	index($0, dir) == 1 { set = substr($0, length(dir) + 1); n = 0; next }
	/^all / { exit }
	/^  [^ ]/ && / rows  / { if ($1 == "all" || !(set in line)) line[set] = $0; if (!(set in seen)) { seen[set] = 1; order[++k] = set } }
	END { for (i = 1; i <= k; i++) { l = line[order[i]]; sub(/^  .{0,22} */, "", l); printf "%-22s %s\n", order[i], l } }' "$out"
echo
cat "$out"
