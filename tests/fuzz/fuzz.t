#!/bin/sh
# Each fuzz target for FUZZ_SECONDS (60) on its corpus; FUZZ_ONLY names one.  New
# inputs go to a folder of their own; what crashes is kept in the build folder.
# The seed is the same every time, so that a change is judged by what it changed
# and not by luck; FUZZ_SEED=0 (a random one) is for looking further by hand.
seconds=${FUZZ_SECONDS:-60}
seed=${FUZZ_SEED:-1}
dir=$top_srcdir/tests/fuzz
targets=${FUZZ_ONLY:-norm pattern rules match talk http}
echo "1..$(echo $targets | wc -w)"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir -p crashes
for t in $targets; do
	mkdir "$work/$t"
	[ -f "$dir/$t.dict" ] && dict=-dict=$dir/$t.dict || dict=
	"$top_builddir/tests/fuzz/fuzz_$t" $dict -seed="$seed" -max_total_time="$seconds" -max_len=4096 -timeout=25 \
		-artifact_prefix="crashes/$t-" -print_final_stats=1 "$work/$t" "$dir/corpus/$t" >"$work/$t.log" 2>&1 &
	eval "pid_$t=$!"
	# two at a time
	case $t in pattern | match | http) for u in $targets; do eval "p=\${pid_$u-}"; [ -z "$p" ] || { wait "$p"; echo $? >>"$work/$u.rc"; eval "pid_$u="; }; done ;; esac
done
wait
n=0
for t in $targets; do
	n=$((n + 1))
	runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$work/$t.log")
	if [ -n "$runs" ] && ! grep -q 'ERROR\|SUMMARY' "$work/$t.log" && [ "$(head -n 1 "$work/$t.rc" 2>/dev/null || echo 0)" = 0 ]
	then echo "ok $n - $t: $runs runs in $seconds s"
	else
		echo "not ok $n - $t"
		tail -n 30 "$work/$t.log" | sed 's/^/# /'
	fi
done
