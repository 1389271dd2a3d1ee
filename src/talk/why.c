/* The account of a decision, for `hangatctl why` and for the stored turn. */
#include "talk/why.h"
#include "base/utf8.h"
#include "json/write.h"

static void write_rewritten(const struct norm *norm, struct json_out *o)
{
	json_out_array(o, "rewritten");
	for (size_t i = 0; i < norm->n_words; i++) {
		const struct norm_word *w = &norm->words[i];
		if (!(w->flags &
			(NORM_REWRITTEN | NORM_ELONGATED | NORM_REPAIRED)))
			continue;
		size_t last = i; /* one slang word may become several */
		while (last + 1 < norm->n_words &&
		       norm->words[last + 1].from == w->from)
			last++;
		json_out_object(o, NULL);
		struct buf from = { 0 };
		utf8_add_clean(&from, (struct str){ norm->original.p + w->from,
					  w->to - w->from });
		json_out_str(o, "from", buf_str(&from));
		buf_clear(&from);
		const struct norm_word *end = &norm->words[last];
		json_out_str(o, "to",
		    (struct str){
			norm->text.p + w->at, end->at + end->n - w->at });
		json_out_text(o, "by",
		    w->flags & NORM_AMBIGUOUS   ? "repair, ambiguous"
		    : w->flags & NORM_REPAIRED  ? "repair"
		    : w->flags & NORM_REWRITTEN ? "lexicon"
						: "elongation");
		json_out_close(o, '}');
		i = last;
	}
	json_out_close(o, ']');
}

static void write_pattern(
    const struct pattern *p, const char *key, struct json_out *o)
{
	json_out_object(o, key);
	json_out_text(o, "pattern", p->source);
	json_out_text(o, "file", p->place.path);
	json_out_int(o, "line", p->place.pos.line);
	json_out_share(o, "weight", p->weight);
}

/* What words say of an intent, and which speak most for it.
 */
static void write_words(
    const struct reading *r, const struct candidate *c, struct json_out *o)
{
	const struct classifier *k = r->pack->classifier;
	struct telling words;
	if (k == NULL || c->intent->class_no < 0)
		return;
	json_out_share(o, "matched", c->matched);
	json_out_share(o, "share", c->share);
	json_out_share(o, "alone", c->alone);
	if (c->part > 0)
		json_out_share(o, "part", c->part);
	json_out_array(o, "words");
	if (c->intent == r->pack->detected)
		detector_telling(r->pack->detector, &r->norm, &words);
	else
		classifier_telling(
		    k, &r->norm, (size_t)c->intent->class_no, &words);
	for (size_t i = 0; i < words.n; i++)
		json_out_str(o, NULL, words.v[i].piece);
	json_out_close(o, ']');
}

static void write_candidate(
    const struct reading *r, const struct candidate *c, struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "intent", c->intent->name);
	json_out_share(o, "score", c->score);
	json_out_share(o, "confidence", c->confidence);
	json_out_share(o, "explained", c->explained);
	write_words(r, c, o);
	json_out_array(o, "evidence");
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct evidence *e = &c->evidence[i];
		write_pattern(e->pattern, NULL, o);
		json_out_str(o, "matched",
		    (struct str){ r->norm.text.p + e->span.from,
			e->span.to - e->span.from });
		json_out_int(o, "from", e->span.from);
		json_out_int(o, "to", e->span.to);
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
	if (c->overruled != NULL) {
		write_pattern(c->overruled, "overruled", o);
		json_out_close(o, '}');
	}
	json_out_close(o, '}');
}

static void write_vetoed(const struct reading *r, struct json_out *o)
{
	json_out_array(o, "vetoed");
	for (size_t i = 0; i < r->n_vetoed; i++) {
		json_out_object(o, NULL);
		json_out_text(o, "intent", r->vetoed[i].intent->name);
		write_pattern(r->vetoed[i].veto, "by", o);
		json_out_close(o, '}');
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
}

static void write_also(const struct reply *reply, struct json_out *o)
{
	if (reply->n_also == 0)
		return;
	json_out_array(o, "also");
	for (int i = 0; i < reply->n_also; i++)
		json_out_text(o, NULL, reply->also[i]);
	json_out_close(o, ']');
}

void why_write(
    const struct reading *r, const struct reply *reply, struct buf *out)
{
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_str(&o, "normal", r->norm.text);
	json_out_bool(&o, "cut", r->norm.cut);
	write_rewritten(&r->norm, &o);
	json_out_text(&o, "lang", reply->lang);
	json_out_text(&o, "pack", r->pack->lang);
	json_out_text(&o, "mood", mood_name(r->mood.mood));
	json_out_share(&o, "mood_strength", r->mood.strength);
	json_out_array(&o, "candidates");
	for (size_t i = 0; i < r->n; i++)
		write_candidate(r, &r->candidates[i], &o);
	if (r->danger.veto != NULL && r->danger.alone > 0) /* words stand */
		write_candidate(r, &r->danger, &o);
	json_out_close(&o, ']');
	write_vetoed(r, &o);
	write_also(reply, &o);
	if (reply->cares)
		json_out_bool(&o, "care", true);
	json_out_object(&o, "thresholds");
	json_out_share(&o, "answer", r->pack->answer_at);
	json_out_share(&o, "clarify", r->pack->clarify_at);
	json_out_share(&o, "margin", r->pack->margin);
	json_out_bool(&o, "calibrated", r->pack->calibration != NULL);
	json_out_close(&o, '}');
	json_out_text(&o, "stage", reply->stage);
	json_out_text(&o, "decision", decision_name(reply->decision));
	json_out_text(&o, "intent", reply->intent);
	json_out_close(&o, '}');
}
