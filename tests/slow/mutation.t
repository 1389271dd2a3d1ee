#!/bin/sh
# The talks rest on every stage of the pipeline: without any one of them some
# fail.  Says which.
ctl=$top_builddir/hangatctl
stages=$("$ctl" test --rules "$top_srcdir/rules" --without '?' 2>&1 | sed -n 's/^  //p' | grep -v '^unsure$')
echo "1..$(echo "$stages" | wc -l)"
n=0
for stage in $stages; do
	n=$((n + 1))
	"$ctl" test --rules "$top_srcdir/rules" --without "$stage" "$top_srcdir"/tests/talks/*.talk >"${TMPDIR:-/tmp}/hangat-mutation.$$" 2>&1
	code=$?
	failed=$(sed -n 's|^.*tests/talks/\([^:]*\)\.talk:.*|\1|p' "${TMPDIR:-/tmp}/hangat-mutation.$$" | sort -u)
	if [ $code = 1 ] && [ -n "$failed" ]; then
		echo "ok $n - without $stage: $(echo "$failed" | wc -l) talks fail"
	else
		echo "not ok $n - without $stage no talk fails"
	fi
	echo "$failed" | sed 's/^/#   /'
done
rm -f "${TMPDIR:-/tmp}/hangat-mutation.$$"
