#!/bin/sh
# tests/cases/rules/WHAT/input.json, on top of a small good pack, gives the
# findings in tests/cases/rules/WHAT/expect.
cd "$top_srcdir/tests/cases" || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
n=0
for dir in rules/*/; do n=$((n + 1)); done
echo "1..$n"
n=0
for dir in rules/*/; do
	n=$((n + 1))
	name=$(basename "$dir")
	mkdir "$work/$name"
	cp "$dir"/*.json "$work/$name/"
	"$top_builddir/hangatctl" check --rules base --rules "$work/$name" >"$work/out" 2>"$work/err"
	echo "exit $?" >>"$work/err"
	sed "s|$work/$name/||g" "$work/err" >"$work/got"
	if [ -n "${UPDATE_CASES-}" ]; then cp "$work/got" "$dir/expect"; fi
	if cmp -s "$work/got" "$dir/expect"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		diff -u "$dir/expect" "$work/got" | sed 's/^/# /'
	fi
done
