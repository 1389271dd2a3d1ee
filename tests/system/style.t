#!/bin/sh
# White space as clang-format has it, no banned function, no mark of later work.
echo 1..3
files=$(find "$top_srcdir/src" "$top_srcdir/tests" -name '*.[ch]' | sort)
if ! command -v clang-format >/dev/null 2>&1; then echo "ok 1 # SKIP no clang-format"
elif bad=$(clang-format --dry-run -Werror --style="file:$top_srcdir/.clang-format" $files 2>&1); then echo "ok 1 - formatted"
else echo "not ok 1 - formatted"; printf '%s\n' "$bad" | grep error: | head -n 20 | sed 's/^/# /'; fi
bad=$(grep -nE '\b(strcpy|strcat|sprintf|strncpy|strtok|atoi|gets|alloca)\(' $files | grep -v 'unit/test_wire')
if [ -z "$bad" ]; then echo "ok 2 - no banned function"; else echo "not ok 2 - no banned function"; printf '%s\n' "$bad" | sed 's/^/# /'; fi
bad=$(grep -nE 'TODO|FIXME' $files)
if [ -z "$bad" ]; then echo "ok 3 - no marks"; else echo "not ok 3 - no marks"; printf '%s\n' "$bad" | sed 's/^/# /'; fi
