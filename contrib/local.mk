EXTRA_DIST += contrib/quickstart contrib/hangatd.service.in contrib/embed .ci/run
if WITH_UNIT
systemdsystemunit_DATA = contrib/hangatd.service
endif
contrib/hangatd.service: contrib/hangatd.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) contrib && sed -e 's|@sbindir[@]|$(sbindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/contrib/hangatd.service.in > $@.tmp && mv $@.tmp $@
CLEANFILES += contrib/hangatd.service
