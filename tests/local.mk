LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .t
T_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	CMOCKA_MESSAGE_OUTPUT=TAP; ASAN_OPTIONS=detect_leaks=1; \
	export top_srcdir top_builddir CMOCKA_MESSAGE_OUTPUT ASAN_OPTIONS;

# Unit tests link their layer and those below: a slip is a link error.
if HAVE_CMOCKA
unit_tests = tests/unit/test_base tests/unit/test_json tests/unit/test_text tests/unit/test_rules \
	tests/unit/test_match tests/unit/test_classifier tests/unit/test_filter tests/unit/test_facts \
	tests/unit/test_talk tests/unit/test_desk tests/unit/test_wire \
	tests/unit/test_http tests/unit/test_store
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
unit_cppflags = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_base_SOURCES = tests/unit/test_base.c tests/unit/unit.h
tests_unit_test_base_CPPFLAGS = $(unit_cppflags)
tests_unit_test_base_LDADD = $(base_libs) $(CMOCKA_LIBS)
tests_unit_test_json_SOURCES = tests/unit/test_json.c tests/unit/unit.h
tests_unit_test_json_CPPFLAGS = $(unit_cppflags)
tests_unit_test_json_LDADD = $(json_libs) $(CMOCKA_LIBS)
tests_unit_test_text_SOURCES = tests/unit/test_text.c tests/unit/unit.h
tests_unit_test_text_CPPFLAGS = $(unit_cppflags)
tests_unit_test_text_LDADD = $(text_libs) $(CMOCKA_LIBS)
tests_unit_test_rules_SOURCES = tests/unit/test_rules.c tests/unit/unit.h
tests_unit_test_rules_CPPFLAGS = $(unit_cppflags)
tests_unit_test_rules_LDADD = $(rules_libs) $(CMOCKA_LIBS)
tests_unit_test_classifier_SOURCES = tests/unit/test_classifier.c tests/unit/rules_fixture.h tests/unit/unit.h
tests_unit_test_classifier_CPPFLAGS = $(unit_cppflags)
tests_unit_test_classifier_LDADD = $(rules_libs) $(CMOCKA_LIBS)
tests_unit_test_match_SOURCES = tests/unit/test_match.c tests/unit/rules_fixture.h tests/unit/unit.h
tests_unit_test_match_CPPFLAGS = $(unit_cppflags)
tests_unit_test_match_LDADD = $(rules_libs) $(CMOCKA_LIBS)
tests_unit_test_filter_SOURCES = tests/unit/test_filter.c tests/unit/unit.h
tests_unit_test_filter_CPPFLAGS = $(unit_cppflags)
tests_unit_test_filter_LDADD = $(rules_libs) $(CMOCKA_LIBS)
tests_unit_test_facts_SOURCES = tests/unit/test_facts.c tests/unit/unit.h
tests_unit_test_facts_CPPFLAGS = $(unit_cppflags)
tests_unit_test_facts_LDADD = $(rules_libs) $(CMOCKA_LIBS)
tests_unit_test_talk_SOURCES = tests/unit/test_talk.c tests/unit/unit.h
tests_unit_test_talk_CPPFLAGS = $(unit_cppflags)
tests_unit_test_talk_LDADD = $(talk_libs) $(CMOCKA_LIBS)
tests_unit_test_desk_SOURCES = tests/unit/test_desk.c tests/unit/unit.h
tests_unit_test_desk_CPPFLAGS = $(unit_cppflags)
tests_unit_test_desk_LDADD = $(desk_libs) $(CMOCKA_LIBS)
tests_unit_test_wire_SOURCES = tests/unit/test_wire.c tests/unit/unit.h
tests_unit_test_wire_CPPFLAGS = $(unit_cppflags)
tests_unit_test_wire_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_test_http_SOURCES = tests/unit/test_http.c tests/unit/unit.h
tests_unit_test_http_CPPFLAGS = $(unit_cppflags)
tests_unit_test_http_LDADD = $(wire_libs) $(CMOCKA_LIBS)
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/unit.h
tests_unit_test_store_CPPFLAGS = $(unit_cppflags)
tests_unit_test_store_LDADD = $(store_libs) $(CMOCKA_LIBS)
endif

system_tests = tests/system/calibrate.t tests/system/cases.t tests/system/crisis.t tests/system/daemon.t tests/system/desk.t tests/system/duty.t tests/system/refused.t \
	tests/system/http.t tests/system/identity.t tests/system/layers.t \
	tests/system/pure.t tests/system/reload.t tests/system/rules.t tests/system/start.t tests/system/style.t tests/system/train.t
slow_scripts = tests/system/crash.t tests/system/storage.t tests/slow/big_rules.t tests/slow/claims.t tests/slow/desk_kill.t tests/slow/http_slow.t tests/slow/mutation.t \
	tests/slow/reload_memory.t
slow_tests = $(slow_scripts) tests/slow/filter_equal.t tests/slow/walks.t
TESTS += $(system_tests)
EXTRA_DIST += $(system_tests) $(slow_scripts) tests/layers.awk tests/system/harness.py tests/system/unsynced.c \
	tests/cases tests/talks tests/wanted
tests/system/calibrate.log tests/system/cases.log tests/system/crisis.log tests/system/rules.log: hangatctl
tests/system/daemon.log tests/system/desk.log tests/system/http.log tests/system/identity.log tests/system/reload.log tests/system/start.log: hangatd hangatctl

gen_sources = tests/bench/rulegen.c tests/bench/rulegen.h
EXTRA_PROGRAMS = tests/web/http_verdict tests/slow/filter_equal.t tests/slow/walks.t tests/bench/bench_match
CLEANFILES += $(EXTRA_PROGRAMS)
tests_slow_filter_equal_t_SOURCES = tests/slow/filter_equal.c $(gen_sources)
tests_slow_filter_equal_t_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests $(JANSSON_CFLAGS)
tests_slow_filter_equal_t_LDADD = $(rules_libs)
tests_slow_walks_t_SOURCES = tests/slow/walks.c
tests_slow_walks_t_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_slow_walks_t_LDADD = $(talk_libs) libsys.a libbase.a $(SODIUM_LIBS) -lpthread
tests_bench_bench_match_SOURCES = tests/bench/bench_match.c $(gen_sources)
tests_bench_bench_match_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_bench_bench_match_LDADD = $(rules_libs)

tests_web_http_verdict_SOURCES = tests/web/http_verdict.c
tests_web_http_verdict_LDADD = $(wire_libs)

if WITH_FUZZ
fuzz_programs = tests/fuzz/fuzz_norm tests/fuzz/fuzz_pattern tests/fuzz/fuzz_rules tests/fuzz/fuzz_match \
	tests/fuzz/fuzz_talk tests/fuzz/fuzz_http
EXTRA_PROGRAMS += $(fuzz_programs)
fuzz_sources = tests/fuzz/fuzz.h tests/fuzz/read.c
tests_fuzz_fuzz_norm_SOURCES = tests/fuzz/fuzz_norm.c $(fuzz_sources)
tests_fuzz_fuzz_norm_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_norm_LDADD = $(text_libs)
tests_fuzz_fuzz_norm_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_pattern_SOURCES = tests/fuzz/fuzz_pattern.c $(fuzz_sources)
tests_fuzz_fuzz_pattern_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_pattern_LDADD = $(rules_libs)
tests_fuzz_fuzz_pattern_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_rules_SOURCES = tests/fuzz/fuzz_rules.c $(fuzz_sources)
tests_fuzz_fuzz_rules_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_rules_LDADD = $(rules_libs)
tests_fuzz_fuzz_rules_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_match_SOURCES = tests/fuzz/fuzz_match.c $(fuzz_sources)
tests_fuzz_fuzz_match_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_match_LDADD = $(rules_libs)
tests_fuzz_fuzz_match_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

tests_fuzz_fuzz_talk_SOURCES = tests/fuzz/fuzz_talk.c $(fuzz_sources)
tests_fuzz_fuzz_talk_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_talk_LDADD = $(talk_libs)
tests_fuzz_fuzz_talk_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

tests_fuzz_fuzz_http_SOURCES = tests/fuzz/fuzz_http.c $(fuzz_sources)
tests_fuzz_fuzz_http_CPPFLAGS = $(tests_slow_filter_equal_t_CPPFLAGS)
tests_fuzz_fuzz_http_LDADD = $(wire_libs)
tests_fuzz_fuzz_http_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

check-fuzz: $(fuzz_programs)
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/fuzz/fuzz.t check_PROGRAMS=
endif
EXTRA_DIST += tests/fuzz tests/eval tests/bench/sockets.js

# What the shipped rules make of labelled messages in DIR and its folders.
eval: hangatctl
	@test -n "$(DATA)" || { echo 'usage: make eval DATA=DIR (labelled *.jsonl in it or in its folders; mood_*.jsonl hold moods)' >&2; exit 2; }
	@sh $(top_srcdir)/tests/eval/eval.sh ./hangatctl $(top_srcdir)/rules '$(DATA)'

# Figures, as they come; they print and never fail.
bench: tests/bench/bench_match
	top_srcdir='$(abs_top_srcdir)' tests/bench/bench_match

check-slow: all tests/slow/filter_equal.t tests/slow/walks.t
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(slow_tests)'
# In a browser and with a WebSocket library; contrib/quickstart installs them.
web_tests = tests/web/http.t tests/web/ws.t tests/web/widget.t tests/web/desk.t
EXTRA_DIST += $(web_tests) tests/web/harness.js tests/web/pages.d.ts tests/web/package.json tests/web/package-lock.json \
	tests/web/http.test.js tests/web/browser.js tests/web/ws.test.js tests/web/desk.test.js tests/web/widget.test.js tests/web/.npmrc
check-web: all tests/web/http_verdict
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(web_tests)' check_PROGRAMS=
# Teach the shipped packs anew; then fit their confidence on messages left out:
# hangatctl calibrate --rules rules FILE...
train: hangatctl
	@for l in en id; do ./hangatctl train --rules $(top_srcdir)/rules --lang $$l $(top_srcdir)/corpus/$$l/*.jsonl \
		$(top_srcdir)/tests/eval/customers_read_$$l.jsonl $(top_srcdir)/tests/eval/crisis_$$l.jsonl || exit 1; done

.PHONY: bench check-web check-fuzz check-slow eval train
