/* `classify`: JSON Lines in, a verdict for each line out. */
#include "base/mem.h"
#include "hangatctl/ctl.h"
#include "json/write.h"

#include <getopt.h>
#include <stdlib.h>

static void write_verdict(
    const struct step *step, bool explain, struct buf *out)
{
	const struct reply *r = &step->reply;
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "intent", r->intent);
	json_out_share(&o, "confidence", r->confidence);
	json_out_text(&o, "decision", decision_name(r->decision));
	json_out_bool(&o, "handoff", step->opens_ticket);
	json_out_text(&o, "mood", mood_name(r->mood.mood));
	json_out_share(&o, "mood_strength", r->mood.strength);
	json_out_text(&o, "lang", r->lang);
	json_out_array(&o, "candidates");
	for (int i = 0; i < r->n_candidates; i++) {
		json_out_object(&o, NULL);
		json_out_text(&o, "intent", r->candidates[i].intent);
		json_out_share(&o, "confidence", r->candidates[i].confidence);
		json_out_close(&o, '}');
	}
	json_out_close(&o, ']');
	if (r->n_also > 0) {
		json_out_array(&o, "also");
		for (int i = 0; i < r->n_also; i++)
			json_out_text(&o, NULL, r->also[i]);
		json_out_close(&o, ']');
	}
	if (explain)
		json_out_raw(&o, "explain", buf_str(&r->why));
	json_out_close(&o, '}');
	buf_addc(out, '\n');
}

static void write_error(const char *text, struct buf *out)
{
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "error", text);
	json_out_close(&o, '}');
	buf_addc(out, '\n');
}

/* The text of one line, a new reference to its object, or NULL with e. */
static json_t *parse_line(struct str line, struct str *text, struct err *e)
{
	enum { DEPTH = 8 };
	struct json_pos at;
	json_t *json = json_parse(line, DEPTH, &at, e);
	if (json == NULL)
		return NULL;
	const json_t *t = json_object_get(json, "text");
	if (json_is_string(t)) {
		*text =
		    (struct str){ json_string_value(t), json_string_length(t) };
		return json;
	}
	err_set(e, "no \"text\" in the object; write {\"text\":\"...\"}");
	json_decref(json);
	return NULL;
}

static int classify_stream(struct ctl_talk *t, const char *lang, bool explain)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int code = CTL_OK;
	struct buf out = { 0 };
	while ((n = getline(&line, &cap, stdin)) > 0) {
		struct str s = str_trim((struct str){ line, (size_t)n });
		struct str text;
		struct err e = ERR_NONE;
		buf_reset(&out);
		json_t *json = parse_line(s, &text, &e);
		if (json == NULL) {
			write_error(e.text, &out);
			code = CTL_FAILED;
		} else {
			struct talk_event ev = { TALK_MESSAGE, text, NULL };
			struct step step = { 0 };
			ctl_talk_restart(t);
			FIELD_SET(t->c.lang, lang, strlen(lang));
			ctl_talk_step(t, &ev, &step);
			write_verdict(&step, explain, &out);
			step_clear(&step);
			json_decref(json);
		}
		fwrite(out.p, 1, out.n, stdout);
	}
	buf_clear(&out);
	free(line);
	return code;
}

int cmd_classify(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "lang", required_argument, NULL, 'l' },
		{ "explain", no_argument, NULL, 'e' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	const char *lang = "";
	bool explain = false;
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'e')
			explain = true;
		else if (c == 'l')
			lang = strcmp(optarg, "auto") == 0 ? "" : optarg;
		else
			return ctl_usage("classify", false);
	}
	if (optind != argc)
		return ctl_usage("classify", false);
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	if (*lang != '\0' && strcmp(ruleset_pack(rs, lang)->lang, lang) != 0) {
		ruleset_unref(&rs);
		(void)ctl_fail("--lang %s: the rules have no such language; "
			       "use one of theirs or auto",
		    lang);
		return CTL_USAGE;
	}
	struct ctl_talk t;
	ctl_talk_init(&t, rs);
	code = classify_stream(&t, lang, explain);
	ctl_talk_clear(&t);
	ruleset_unref(&rs);
	return code;
}
