/* rules: negation, follow-ups, case, overriding, two requests, look-ups, as
 * tables of messages. */
#include "base/mem.h"
#include "unit/rules_fixture.h"

#define R "\"replies\": { \"default\": [ \"ok\" ] }"

static void negation_in_indonesian(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"id\","
	    " \"refusals\": [ \"(bukan|tidak|jangan)( "
	    "(mau|ingin|minta|usah))?\" ],"
	    " \"intents\": {"
	    "  \"cancel\": { \"title\": \"x\", " R ", \"patterns\": ["
	    "    \"~batal\", \"(mau|minta) ~batal\" ] },"
	    "  \"address\": { \"title\": \"y\", " R ", \"patterns\": ["
	    "    \"(ganti|ubah) alamat\" ], \"unless\": [ \"~batal\" ] },"
	    "  \"pay\": { \"title\": \"z\", " R ", \"patterns\": ["
	    "    \"tidak bisa bayar\" ] },"
	    "  \"crisis\": { \"patterns\": [ \"bunuh diri\" ] } } }";
	static const char *const rows[][2] = {
		{ "mau batalin pesanan", "cancel" },
		{ "bukan mau batalin, mau ganti alamat", "address" },
		{ "jangan dibatalkan ya", "none" },
		{ "jangan, batalin saja", "cancel" },
		{ "tidak usah dibatalin", "none" },
		{ "tidak mau ganti alamat, mau batal", "cancel" },
		{ "tidak bisa bayar", "pay" },
		{ "bukan mau batal tapi kalau bisa batal yang kemarin",
		    "cancel" },
		{ "aku tidak mau bunuh diri", "crisis" },
		{ "bukan batal bukan ganti alamat", "none" },
		{ "bukan batal, batal lagi ganti alamat", "cancel" },
	};
	struct fixture f;
	load(&f, "id", rules, NULL);
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		if (strcmp(best(&f, rows[i][0], NULL, 0), rows[i][1]) != 0)
			fail_msg("\"%s\": want %s, got %s", rows[i][0],
			    rows[i][1], best(&f, rows[i][0], NULL, 0));
	unload(&f);
}

/* "postage|pay": the first and the second request of the message. */
static const char *both(struct fixture *f, const char *text)
{
	static char out[64];
	const char *first = best(f, text, NULL, 0);
	const struct candidate *also =
	    match_also(&f->rs->packs[0], f->c, f->n, f->c);
	(void)snprintf(out, sizeof(out), "%s|%s", first,
	    also != NULL ? also->intent->name : "none"); /* short names */
	return out;
}

static void words_of_another_request_do_not_veto(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"en\", \"joins\": [ \"and\", \"also\" ],"
	    " \"thresholds\": { \"answer\": 0.5, \"clarify\": 0.3 },"
	    " \"intents\": {"
	    "  \"postage\": { \"title\": \"x\", " R ", \"patterns\": ["
	    "    \"postage to \\\\w+\" ], \"unless\": [ \"pay(ing)?\", "
	    "\"stamps\" ] },"
	    "  \"pay\": { \"title\": \"y\", " R ", \"patterns\": ["
	    "    \"pay(ing)? (by|with) card\" ], "
	    "\"unless\": [ \"postage\" ] } } }";
	static const char *const rows[][2] = {
		{ "postage to Leeds, can I pay by card?", "pay|postage" },
		{ "can I pay by card? and the postage to Leeds",
		    "pay|postage" },
		{ "postage to Leeds and also pay with card", "pay|postage" },
		/* one request in one breath */
		{ "postage to Leeds pay by card", "none|none" },
		/* nobody asks to pay: the word stands against the postage */
		{ "postage to Leeds, must I pay?", "none|none" },
		/* a veto that is no request's */
		{ "postage to Leeds, pay by card, stamps", "pay|none" },
	};
	struct fixture f;
	load(&f, "en", rules, NULL);
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		const char *got = both(&f, rows[i][0]);
		if (strcmp(got, rows[i][1]) != 0)
			fail_msg("\"%s\": want %s, got %s", rows[i][0],
			    rows[i][1], got);
	}
	unload(&f);
}

static void negation_in_english(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"en\","
	    " \"refusals\": [ \"(don't|do not|not|never) (want|wish|mean|trying"
	    "|going)?( you)?( to)?\", \"(don't|do not|not)\" ],"
	    " \"intents\": {"
	    "  \"cancel\": { \"title\": \"x\", " R ", \"patterns\": ["
	    "    \"cancel(led|ing)?\", \"want to cancel\" ] },"
	    "  \"refund\": { \"title\": \"y\", " R ", \"patterns\": ["
	    "    \"refund\", \"money back\" ] },"
	    "  \"late\": { \"title\": \"z\", " R ", \"patterns\": ["
	    "    \"not (arrived|here)\" ] } } }";
	static const char *const rows[][2] = {
		{ "I want to cancel", "cancel" },
		{ "I don't want to cancel", "none" },
		{ "I don\xe2\x80\x99t want to cancel, I want a refund",
		    "refund" },
		{ "please do not cancel my order", "none" },
		{ "I don't want you to cancel it", "none" },
		{ "no, cancel it", "cancel" },
		{ "not a refund, cancel", "cancel" },
		{ "it has not arrived", "late" },
		{ "I'm not trying to cancel", "none" },
		{ "do not worry. cancel it", "cancel" },
	};
	struct fixture f;
	load(&f, "en", rules, NULL);
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		if (strcmp(best(&f, rows[i][0], NULL, 0), rows[i][1]) != 0)
			fail_msg("\"%s\": want %s, got %s", rows[i][0],
			    rows[i][1], best(&f, rows[i][0], NULL, 0));
	unload(&f);
}

static void follow_ups_need_what_they_follow(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"id\", \"intents\": {"
	    "  \"stok\": { \"title\": \"s\", " R ", \"patterns\": [ \"stok\","
	    "    { \"match\": \"(kalau )?yang \\\\w+\", \"after\": [ \"stok\" "
	    "],"
	    "      \"within\": 2 } ] },"
	    "  \"lanjut\": { \"title\": \"l\", " R ", \"after\": [ \"stok\" ],"
	    "    \"patterns\": [ \"terus\" ] } } }";
	struct recent_intent just = { "stok", 1 }, old = { "stok", 3 },
			     other = { "lain", 1 };
	struct fixture f;
	load(&f, "id", rules, NULL);
	assert_string_equal(best(&f, "kalau yang biru", NULL, 0), "none");
	assert_string_equal(best(&f, "kalau yang biru", &just, 1), "stok");
	assert_string_equal(best(&f, "kalau yang biru", &old, 1), "none");
	assert_string_equal(best(&f, "kalau yang biru", &other, 1), "none");
	assert_string_equal(best(&f, "terus", &old, 1), "lanjut");
	assert_string_equal(best(&f, "terus", NULL, 0), "none");
	unload(&f);
}

static void case_counts_where_it_is_asked_for(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"id\", \"lexicon\": { \"tidak\": [ \"ga\" ] },"
	    " \"intents\": { \"tiki\": { \"title\": \"t\", " R ", \"patterns\":"
	    " [ { \"match\": \"TIKI\", \"case\": true } ] } } }";
	struct fixture f;
	load(&f, "id", rules, NULL);
	assert_string_equal(best(&f, "ga tiki", NULL, 0), "none");
	assert_string_equal(best(&f, "ga ada TIKI ya", NULL, 0), "tiki");
	/* the span is that of the word in the normal form */
	struct span span = f.c[0].evidence[0].span;
	assert_memory_equal(f.norm.text.p + span.from, "tiki", 4);
	assert_int_equal(span.to - span.from, 4);
	unload(&f);
}

static void a_shop_overrides_without_copying(void **state)
{
	(void)state;
	static const char shipped[] =
	    "{ \"language\": \"id\","
	    " \"concepts\": { \"barang\": [ \"baju\", \"tas\" ] },"
	    " \"intents\": {"
	    "  \"stok\": { \"title\": \"s\", \"patterns\": [ \"stok\" ],"
	    "    \"unless\": [ \"palsu\" ], \"replies\": { \"default\": [ "
	    "\"a\" ],"
	    "    \"angry\": [ \"b\" ] } },"
	    "  \"harga\": { \"title\": \"h\", " R ", \"patterns\":"
	    "    [ \"harga @barang\" ] },"
	    "  \"garansi\": { \"title\": \"g\", " R ", \"patterns\":"
	    "    [ \"garansi\" ] } } }";
	static const char own[] =
	    "{ \"language\": \"id\","
	    " \"concepts\": { \"barang\": [ \"@barang\", \"kopi\" ] },"
	    " \"intents\": {"
	    "  \"stok\": { \"add\": { \"patterns\": [ \"ready\" ], \"unless\":"
	    "    [ \"tiket\" ] }, \"replies\": { \"default\": [ \"c\" ] } },"
	    "  \"garansi\": { \"off\": true } } }";
	struct fixture f;
	load(&f, "id", shipped, own);
	assert_string_equal(best(&f, "stok ada?", NULL, 0), "stok");
	assert_string_equal(best(&f, "ready kak", NULL, 0), "stok");
	assert_string_equal(best(&f, "ready palsu", NULL, 0), "none");
	assert_string_equal(best(&f, "ready tiket", NULL, 0), "none");
	assert_string_equal(best(&f, "harga kopi", NULL, 0), "harga");
	assert_string_equal(best(&f, "harga tas", NULL, 0), "harga");
	assert_string_equal(best(&f, "garansi", NULL, 0), "none");
	const struct intent *stok = pack_intent(&f.rs->packs[0], "stok");
	assert_string_equal(intent_reply(stok, "default")->v[0].text.p, "c");
	assert_string_equal(intent_reply(stok, "angry")->v[0].text.p, "b");
	unload(&f);
}

static void two_requests_are_both_found(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"id\", \"intents\": {"
	    "  \"refund\": { \"title\": \"r\", " R ", \"patterns\":"
	    "    [ \"minta refund\" ] },"
	    "  \"ongkir\": { \"title\": \"o\", " R ", \"patterns\":"
	    "    [ \"ongkir ke \\\\w+\" ] },"
	    "  \"dana\": { \"title\": \"d\", " R ", \"patterns\":"
	    "    [ { \"match\": \"refund\", \"weight\": 0.79 } ] } } }";
	struct fixture f;
	load(&f, "id", rules, NULL);
	const struct pack *pack = &f.rs->packs[0];
	assert_non_null(
	    best(&f, "minta refund, terus ongkir ke bandung berapa", NULL, 0));
	const struct candidate *also = match_also(pack, f.c, f.n, f.c);
	assert_non_null(also);
	const char *names[2] = { f.c[0].intent->name, also->intent->name };
	bool order = strcmp(names[0], "refund") == 0;
	assert_string_equal(names[order ? 0 : 1], "refund");
	assert_string_equal(names[order ? 1 : 0], "ongkir");
	struct span span = (order ? also : f.c)->evidence[0].span;
	assert_memory_equal(f.norm.text.p + span.from, "ongkir ke bandung", 17);
	/* the same words twice are one request */
	assert_string_equal(best(&f, "minta refund", NULL, 0), "refund");
	assert_null(match_also(pack, f.c, f.n, f.c));
	unload(&f);
}

static void doubtful_words_lower_the_score(void **state)
{
	(void)state;
	static const char rules[] =
	    "{ \"language\": \"id\", \"intents\": {"
	    "  \"a\": { \"title\": \"a\", " R ", \"patterns\":"
	    "    [ \"kirim kubur\", \"kubur kabur\" ] },"
	    "  \"b\": { \"title\": \"b\", " R ", \"patterns\":"
	    "    [ \"minta refund\" ] } } }";
	struct fixture f;
	load(&f, "id", rules, NULL);
	assert_string_equal(best(&f, "minta refund", NULL, 0), "b");
	double exact = f.c[0].score;
	assert_string_equal(best(&f, "minta refudn", NULL, 0), "b");
	assert_true(f.c[0].score < exact);
	double repaired = f.c[0].score;
	assert_string_equal(best(&f, "kirim kobur", NULL, 0), "a");
	assert_true(f.c[0].score < repaired);
	unload(&f);
}

/* After an edit what stayed is shared, what changed is new, and the new rules
 * need the old ones no more. */
static void an_edit_compiles_what_changed(void **state)
{
	(void)state;
	static const char before[] =
	    "{ \"language\": \"id\", \"intents\": {"
	    "  \"a\": { \"title\": \"a\", " R ", \"patterns\":"
	    "    [ \"minta refund\", \"balikin duit\" ] } } }";
	static const char after[] =
	    "{ \"language\": \"id\", \"intents\": {"
	    "  \"a\": { \"title\": \"a\", " R ", \"patterns\":"
	    "    [ \"minta refund\", \"balikin uang\" ] } } }";
	struct fixture f;
	load(&f, "id", before, NULL);
	struct text_file files[] = {
		{ .path = "base.json", .text = str_of(base_text("id")) },
		{ .path = "first.json", .text = str_of(after), .dir = 1 },
	};
	struct diags d = { 0 };
	struct ruleset *edited = ruleset_compile_edited(files, 2, f.rs, &d);
	assert_non_null(edited);
	const struct intent *old = pack_intent(&f.rs->packs[0], "a");
	const struct intent *new = pack_intent(&edited->packs[0], "a");
	assert_ptr_equal(old->patterns[0].code, new->patterns[0].code);
	assert_ptr_not_equal(old->patterns[1].code, new->patterns[1].code);
	ruleset_unref(&f.rs);
	f.rs = edited;
	assert_string_equal(best(&f, "minta refund", NULL, 0), "a");
	assert_string_equal(best(&f, "balikin uang", NULL, 0), "a");
	assert_string_equal(best(&f, "balikin duit", NULL, 0), "none");
	unload(&f);
	diags_clear(&d);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(negation_in_indonesian),
	cmocka_unit_test(negation_in_english),
	cmocka_unit_test(words_of_another_request_do_not_veto),
	cmocka_unit_test(follow_ups_need_what_they_follow),
	cmocka_unit_test(case_counts_where_it_is_asked_for),
	cmocka_unit_test(a_shop_overrides_without_copying),
	cmocka_unit_test(two_requests_are_both_found),
	cmocka_unit_test(doubtful_words_lower_the_score),
	cmocka_unit_test(an_edit_compiles_what_changed),
};
RUN(tests)
