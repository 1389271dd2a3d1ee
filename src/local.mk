# One static library per layer (see src/LAYERS), lowest first.
noinst_LIBRARIES += libbase.a libjson.a libmodel.a libtext.a librules.a libtalk.a \
	libdesk.a libwire.a libsys.a libstore.a libhub.a libnet.a libweb.a libclient.a
EXTRA_DIST += src/LAYERS src/README.md

libbase_a_SOURCES = src/base/arena.c src/base/arena.h src/base/asset.h src/base/attr.h src/base/buf.c \
	src/base/buf.h src/base/err.c src/base/err.h src/base/map.c src/base/map.h \
	src/base/mem.c src/base/mem.h src/base/rng.c src/base/rng.h src/base/str.c \
	src/base/str.h src/base/textfile.h src/base/utf8.c src/base/utf8.h

libjson_a_SOURCES = src/json/check.c src/json/check.h src/json/parse.c src/json/parse.h \
	src/json/places.h src/json/write.c src/json/write.h
libjson_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)

libmodel_a_SOURCES = src/model/conversation.c src/model/conversation.h src/model/effect.c src/model/effect.h \
	src/model/event.c src/model/event.h src/model/limits.h src/model/mood.c \
	src/model/mood.h src/model/request.h src/model/ticket.h

libtext_a_SOURCES = src/text/cut.c src/text/cut.h src/text/fold.c src/text/fold.h src/text/lang.c src/text/lang.h \
	src/text/lexicon.c src/text/lexicon.h src/text/norm.c src/text/norm.h \
	src/text/slip.c src/text/slip.h src/text/vocabulary.c src/text/vocabulary.h
libtext_a_CPPFLAGS = $(AM_CPPFLAGS) $(UTF8PROC_CFLAGS)

librules_a_SOURCES = src/rules/affix.c src/rules/affix.h src/rules/attack.c src/rules/attack.h \
	src/rules/blend.c src/rules/blend.h src/rules/build_classifier.c src/rules/classifier.c src/rules/classifier.h src/rules/detector.c src/rules/detector.h \
	src/rules/ngram.c src/rules/ngram.h \
	src/rules/build.c src/rules/build.h src/rules/build_calibration.c src/rules/build_pattern.c src/rules/build_slot.c src/rules/calendar.c src/rules/calendar.h \
	src/rules/calibration.c src/rules/calibration.h src/rules/declare.c src/rules/declare.h \
	src/rules/expand.c src/rules/expand.h src/rules/facts.c src/rules/filter.c src/rules/filter.h \
	src/rules/lint.c src/rules/lint.h src/rules/lint_examples.c src/rules/lint_pack.c \
	src/rules/lint_parts.h src/rules/lint_patterns.c src/rules/literal.c src/rules/literal.h \
	src/rules/match.c src/rules/match.h src/rules/veto.c src/rules/veto.h src/rules/pattern.c src/rules/pattern.h src/rules/regex.c \
	src/rules/regex.h src/rules/ruleset.c src/rules/ruleset.h src/rules/schema.c src/rules/schema.h \
	src/rules/schema_intent.c src/rules/schema_parts.h src/rules/schema_slot.c src/rules/signals.c src/rules/table.c \
	src/rules/table.h src/rules/value.c src/rules/value.h src/rules/wordings.c src/rules/words.c src/rules/words.h
librules_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(PCRE2_CFLAGS) -DPCRE2_CODE_UNIT_WIDTH=8

libtalk_a_SOURCES = src/talk/answer.c src/talk/catch.c src/talk/choose.c src/talk/check.c src/talk/danger.c src/talk/elsewhere.c src/talk/form.c src/talk/inner.h \
	src/talk/lookup.c src/talk/notice.c src/talk/read.c src/talk/read.h src/talk/save.c src/talk/say.c src/talk/several.c \
	src/talk/say.h src/talk/step.c src/talk/talk.h src/talk/value.c src/talk/why.c src/talk/why.h
libtalk_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)

libdesk_a_SOURCES = src/desk/desk.c src/desk/desk.h

libwire_a_SOURCES = src/wire/accept.c src/wire/event.c src/wire/frame.c src/wire/frame.h \
	src/wire/http.c src/wire/http.h src/wire/plain.c \
	src/wire/request.c src/wire/wire.h
libwire_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)

libsys_a_SOURCES = src/sys/clock.c src/sys/command.c src/sys/command.h src/sys/clock.h src/sys/count.c src/sys/count.h \
	src/sys/dirwatch.c src/sys/dirwatch.h src/sys/files.c src/sys/files.h src/sys/log.c src/sys/memory.c src/sys/memory.h \
	src/sys/log.h src/sys/notify.c src/sys/notify.h src/sys/secret.c src/sys/secret.h \
	src/sys/socket.c src/sys/socket.h src/sys/worker.c src/sys/worker.h
libsys_a_CPPFLAGS = $(AM_CPPFLAGS) $(SODIUM_CFLAGS)

libstore_a_SOURCES = src/store/db.c src/store/db.h src/store/query.c src/store/report.c src/store/schema.c \
	src/store/store.c src/store/store.h src/store/write.c
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)

libhub_a_SOURCES = src/hub/admin.c src/hub/agent.c src/hub/audit.c src/hub/card.c src/hub/duty.c src/hub/report.c src/hub/verbs.c src/hub/burst.c src/hub/conv.c src/hub/customer.c \
	src/hub/gateway.c src/hub/hello.c src/hub/hub.c src/hub/hub.h src/hub/inner.h src/hub/metrics.c src/hub/people.c \
	src/hub/reload.c src/hub/session.c src/hub/tickets.c
libhub_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)

libnet_a_SOURCES = src/net/conn.c src/net/conn.h src/net/exchange.c src/net/http.c \
	src/net/http.h src/net/lines.c src/net/listen.c src/net/listen.h src/net/loop.c \
	src/net/loop.h src/net/routes.c src/net/web.h src/net/ws.c
libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS) $(WSLAY_CFLAGS)

# What is served as it is: each file as C bytes, plain and compressed.
web_files = src/web/demo.html src/web/demo.css src/web/demo.js src/web/desk.html \
	src/web/desk.css src/web/desk.js src/web/icon.svg \
	src/web/openapi.json src/web/widget.js
EXTRA_DIST += $(web_files) src/web/embed
BUILT_SOURCES += src/web/files.c
CLEANFILES += src/web/files.c
src/web/files.c: $(web_files) rules/rules.schema.json src/web/embed
	$(AM_V_GEN)$(MKDIR_P) src/web && sh $(srcdir)/src/web/embed $(srcdir) >$@.tmp && mv $@.tmp $@
libweb_a_SOURCES = src/web/assets.h
nodist_libweb_a_SOURCES = src/web/files.c

libclient_a_SOURCES = src/client/client.c src/client/client.h
libclient_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)

# What each layer needs to link: itself and those below it.
base_libs   = libbase.a
json_libs   = libjson.a $(base_libs) $(JANSSON_LIBS)
model_libs  = libmodel.a $(base_libs)
text_libs   = libtext.a $(model_libs) $(UTF8PROC_LIBS)
rules_libs  = librules.a libtext.a libjson.a $(model_libs) $(UTF8PROC_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) -lm
talk_libs   = libtalk.a $(rules_libs)
desk_libs   = libdesk.a $(model_libs)
wire_libs   = libwire.a libjson.a $(model_libs) $(JANSSON_LIBS)
sys_libs    = libsys.a $(base_libs) $(SODIUM_LIBS) -lpthread
store_libs  = libstore.a libmodel.a $(sys_libs) $(SQLITE_LIBS)
hub_libs    = libhub.a libstore.a libwire.a libdesk.a libtalk.a librules.a libtext.a libjson.a libmodel.a \
	$(sys_libs) $(UTF8PROC_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS) $(SQLITE_LIBS) -lm
net_libs    = libnet.a $(hub_libs) $(EVENT_LIBS) $(WSLAY_LIBS)
client_libs = libclient.a libwire.a libjson.a libmodel.a $(sys_libs) $(JANSSON_LIBS)

sbin_PROGRAMS += hangatd
hangatd_SOURCES = src/hangatd/config.c src/hangatd/config.h src/hangatd/main.c \
	src/hangatd/versions.c src/hangatd/versions.h
hangatd_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) -DHG_RULESDIR='"$(pkgdatadir)/rules"' \
	-DHG_SYSCONFDIR='"$(sysconfdir)/hangat"' -DHG_STATEDIR='"$(localstatedir)/lib/hangat"'
hangatd_LDADD = libweb.a $(net_libs)

bin_PROGRAMS += hangatctl
hangatctl_SOURCES = src/hangatctl/agent.c src/hangatctl/agent_show.c src/hangatctl/agent_show.h src/hangatctl/calibrate.c src/hangatctl/chat.c src/hangatctl/classify.c \
	src/hangatctl/ctl.h src/hangatctl/desk.c src/hangatctl/main.c src/hangatctl/people.c src/hangatctl/remote.c src/hangatctl/remote.h src/hangatctl/report.c \
	src/hangatctl/labelled.c src/hangatctl/labelled.h src/hangatctl/packfile.c src/hangatctl/packfile.h src/hangatctl/rules.c \
	src/hangatctl/talkfile.c src/hangatctl/test.c src/hangatctl/train.c src/hangatctl/taughtfile.c src/hangatctl/taughtfile.h \
	src/hangatctl/teach.c src/hangatctl/teach.h src/hangatctl/why.c
hangatctl_CPPFLAGS = $(hangatd_CPPFLAGS)
hangatctl_LDADD = libclient.a libstore.a libwire.a libdesk.a $(talk_libs) $(sys_libs) $(SQLITE_LIBS) $(LINEAR_LIBS)

dist_man_MANS += src/hangatd/hangatd.8 src/hangatd/hangat.json.5 src/hangatctl/hangatctl.1 \
	src/rules/hangat-rules.5 src/wire/hangat-protocol.7
