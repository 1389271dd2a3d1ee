#!/bin/sh
# tests/cases/rules/WHAT/ (*.json, tables/), on top of a small good pack, gives
# the findings in WHAT/expect.  WHAT/options are more options of check; without
# that file, lints about what small cases lack are off.  Every lint has a case
# lint-NAME, whose finding goes away with --skip NAME.
cd "$top_srcdir/tests/cases" || exit 99
ctl=$top_builddir/hangatctl
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
lints=$("$ctl" check --lints | awk '{ print $1 }')
n=0
for dir in rules/*/; do n=$((n + 1)); done
echo "1..$((n + $(printf '%s\n' "$lints" | wc -l)))"
quiet='--skip few-wordings --skip no-again --skip no-examples'
check() { # check DIR OPTION...: findings to $work/got
	from=$1
	shift
	rm -rf "$work/case"
	mkdir "$work/case"
	cp -R "$from"/*.json "$work/case/"
	[ ! -d "$from/tables" ] || cp -R "$from/tables" "$work/case/"
	"$ctl" check --rules base --rules "$work/case" "$@" >"$work/out" 2>"$work/err"
	echo "exit $?" >>"$work/err"
	sed "s|$work/case/||g" "$work/err" >"$work/got"
}
n=0
for dir in rules/*/; do
	n=$((n + 1))
	name=$(basename "$dir")
	options=$quiet
	[ ! -f "$dir/options" ] || options=$(cat "$dir/options")
	check "$dir" $options
	if [ -n "${UPDATE_CASES-}" ]; then cp "$work/got" "$dir/expect"; fi
	if cmp -s "$work/got" "$dir/expect"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		diff -u "$dir/expect" "$work/got" | sed 's/^/# /'
	fi
done
for lint in $lints; do
	n=$((n + 1))
	dir=rules/lint-$lint
	with=none without=some
	if [ -d "$dir" ]; then
		with=$(grep -c "\[$lint\]" "$dir/expect")
		check "$dir" --skip "$lint"
		without=$(grep -c "\[$lint\]" "$work/got")
	fi
	if [ "$with" != none ] && [ "$with" -gt 0 ] && [ "$without" = 0 ]; then
		echo "ok $n - $lint is found, and only by its lint"
	else
		echo "not ok $n - $lint is found, and only by its lint"
		echo "# $dir: found $with with it, $without without it"
	fi
done
