#!/bin/sh
# Includes go down only, every library has an owner; and the check can fail.
echo 1..3
check() { find "$1" -name '*.[ch]' | sort | xargs awk -f "$top_srcdir/tests/layers.awk" "$top_srcdir/src/LAYERS"; }
if out=$(check "$top_srcdir/src"); then echo "ok 1 - includes go down only"
else echo "not ok 1 - includes go down only"; printf '%s\n' "$out" | sed 's/^/# /'; fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cp -R "$top_srcdir/src" "$work/" && chmod -R u+w "$work"
printf '#include "hub/hub.h"\n#include <sqlite3.h>\n' >>"$work/src/rules/match.c"
out=$(check "$work/src")
if [ "$(printf '%s\n' "$out" | grep -c 'rules may not include')" = 2 ]; then echo "ok 2 - a slip is named"
else echo "not ok 2 - a slip is named"; printf '%s\n' "$out" | sed 's/^/# /'; fi
if awk -f "$top_srcdir/tests/layers.awk" "$top_srcdir/src/LAYERS" /dev/null >/dev/null; then echo "not ok 3 - no input is no pass"
else echo "ok 3 - no input is no pass"; fi
