#!/bin/sh
# The shipped packs: no finding, every example right, every talk as written.
echo 1..10
ctl=$top_builddir/hangatctl
t() { # t NUMBER NAME COMMAND...
	n=$1 name=$2
	shift 2
	if out=$("$@" 2>&1); then echo "ok $n - $name"
	else echo "not ok $n - $name"; printf '%s\n' "$out" | sed 's/^/# /'; fi
}
t 1 "check -W" "$ctl" check -W --rules "$top_srcdir/rules"
t 2 "examples and talks" "$ctl" test --rules "$top_srcdir/rules" "$top_srcdir"/tests/talks/*.talk
out=$(printf '{"text":"ongkir ke bandung berapa"}\nnot json\n{"text":"is this a robot?"}\n' | "$ctl" classify --rules "$top_srcdir/rules")
code=$?
if [ $code = 1 ] && printf '%s\n' "$out" | sed -n 1p | grep -q '"intent":"shipping_cost".*"decision":"answer"' &&
	printf '%s\n' "$out" | sed -n 2p | grep -q '^{"error":' &&
	printf '%s\n' "$out" | sed -n 3p | grep -q '"intent":"bot_identity".*"lang":"en"'
then echo "ok 3 - classify answers line by line"; else echo "not ok 3 - classify answers line by line"; printf '%s\n' "$out" | sed 's/^/# /'; fi
bad=0
for m in src/hangatd/hangatd.8 src/hangatd/hangat.json.5 src/hangatctl/hangatctl.1 src/rules/hangat-rules.5 src/wire/hangat-protocol.7; do
	command -v mandoc >/dev/null 2>&1 || continue
	mandoc -T lint -W warning "$top_srcdir/$m" || bad=1
done >"${TMPDIR:-/tmp}/hangat-man.$$"
if [ $bad = 0 ]; then echo "ok 4 - man pages"; else echo "not ok 4 - man pages"; sed 's/^/# /' "${TMPDIR:-/tmp}/hangat-man.$$"; fi
rm -f "${TMPDIR:-/tmp}/hangat-man.$$"
# a shop that brings its orders: the shipped packs look them up
shop=$(mktemp -d) || exit 99
trap 'rm -rf "$shop"' EXIT
mkdir "$shop/tables"
printf 'order_id,status\nHG-2210,sudah dikirim dan tiba besok\n' >"$shop/tables/orders.csv"
cat >"$shop/orders.talk" <<'EOF'
> paketku HG-2210 sampai mana ya kak
= intent track_order
= says tiba besok
> kalau pesanan HG-9999 sudah sampai mana?
= says HG-9999
= lacks tiba besok
EOF
t 5 "a shop's orders are looked up" "$ctl" test --rules "$top_srcdir/rules" --rules "$shop" "$shop/orders.talk"
# a shop's own words for danger, which no classifier was taught
cat >"$shop/own.json" <<'EOF'
{ "language": "id", "intents": { "crisis": { "add": { "patterns": [ "kode merah", { "match": "lampu hijau mati", "weight": 1 } ] } } } }
EOF
cat >"$shop/danger.talk" <<'EOF'
> kode merah di gudang
= handoff worry
> tolong dong di gudang lampu hijau mati sejak tadi pagi sampai sekarang belum ada yang datang
= handoff crisis
EOF
t 6 "a shop's own danger is heard" "$ctl" test --rules "$top_srcdir/rules" --rules "$shop" "$shop/danger.talk"
# ...nor one that takes the place of the shipped patterns
cat >"$shop/own.json" <<'EOT'
{ "language": "id", "intents": { "crisis": { "patterns": [ "kode merah" ] } } }
EOT
printf '> kode merah di gudang\n= handoff worry\n' >"$shop/danger.talk"
t 7 "so is one instead of the shipped patterns" "$ctl" test --rules "$top_srcdir/rules" --rules "$shop" "$shop/danger.talk"
# what is shipped is what is installed
t 8 "every rule file is in the list of those to install" sh -c 'cd "$1" && find rules -name "*.json" -o -name "*.csv" | while read -r f; do
	grep -q "$f" rules/local.mk || echo "$f"; done | { ! grep .; }' - "$top_srcdir"
# sets may lie in folders; no set is an error that says so
mkdir -p "$shop/data/new ones"
printf '{"text":"halo kak","label":"greeting"}\n{"text":"ongkir ke bandung berapa","label":"shipping_cost"}\n' >"$shop/data/new ones/some.jsonl"
t 9 "eval finds the sets in folders" sh -c 'out=$(sh "$1/tests/eval/eval.sh" "$2" "$1/rules" "$3") || exit 1
	printf "%s\n" "$out"; printf "%s\n" "$out" | sed -n 2p | grep -q "^new ones/some.jsonl .*2 rows .*strict 100.0%"' - "$top_srcdir" "$ctl" "$shop/data"
rm -r "$shop/data/new ones"
t 10 "eval of a folder without any is an error" sh -c 'out=$(sh "$1/tests/eval/eval.sh" "$2" "$1/rules" "$3" 2>&1)
	[ $? = 2 ] && printf "%s\n" "$out" | grep -q "no \*.jsonl"' - "$top_srcdir" "$ctl" "$shop/data"
