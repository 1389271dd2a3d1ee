#!/bin/sh
# eval.sh HANGATCTL RULES DIR: a line for each set of labelled messages in DIR and
# the folders in it, then all figures of each.
set -eu
ctl=$1 rules=$2 dir=$3
out=$(mktemp)
trap 'rm -f "$out"' EXIT
find "${dir%/}/" -name '*.jsonl' -type f | LC_ALL=C sort >"$out"
set --
while IFS= read -r f; do
	case ${f##*/} in
	mood_*) set -- "$@" --moods "$f" ;;
	*) set -- "$@" --labelled "$f" ;;
	esac
done <"$out"
[ $# -gt 0 ] || { echo "$dir: no *.jsonl in it or in its folders; give a folder of labelled messages" >&2; exit 2; }
"$ctl" test --rules "$rules" "$@" >"$out"
echo "set                     rows  figures of all its origins"
awk -v dir="${dir%/}/" '
	index($0, dir) == 1 { set = substr($0, length(dir) + 1); n = 0; next }
	/^all / { exit }
	/^  [^ ]/ && / rows  / { if ($1 == "all" || !(set in line)) line[set] = $0; if (!(set in seen)) { seen[set] = 1; order[++k] = set } }
	END { for (i = 1; i <= k; i++) { l = line[order[i]]; sub(/^  .{0,22} */, "", l); printf "%-22s %s\n", order[i], l } }' "$out"
echo
cat "$out"
