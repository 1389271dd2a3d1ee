#ifndef HG_RULES_VETO_H
#define HG_RULES_VETO_H

#include "rules/match.h"

/* What takes an intent back: refusals ("I do not want a ...") and `unless`. */

enum { VETO_REFUSALS = 8 };

/* One message while its intents are ranked. */
struct ranking {
	struct match_scratch *s;
	const struct match_ask *ask;
	struct {
		struct span span;
		const struct pattern *pattern;
	} refusals[VETO_REFUSALS]; /* "I do not want to" */
	size_t n_refusals;
	struct candidate *out;
	size_t n;
};

void veto_find_refusals(struct ranking *r);

/* The first match of p that is not refused; *refused is set when only such
 * were found. */
bool veto_find_evidence(struct ranking *r, const struct intent *intent,
    const struct pattern *p, struct span *span, const struct pattern **refused);

/* Set c->veto and c->veto_span to the first `unless` of its intent that the
 * message matches.  What is refused does not veto: in "no refund, I want
 * another size" the refund does not stand against the size. */
void veto_find(struct ranking *r, struct candidate *c);
/* The same, without those from the folder of that place. */
void veto_find_elsewhere(
    struct ranking *r, struct candidate *c, const struct place *place);

/* Lift the vetoes that belong to another request: in "what is the postage, and
 * can I pay on delivery?" the payment does not stand against the postage.  That
 * needs a request whose strongest evidence the veto touches, which is not
 * vetoed itself unless by the first one's words, and punctuation or one of the
 * pack's `joins` between both.  Lifted candidates get their score. */
void veto_lift(struct ranking *r);

/* The evidence of c that weighs most; it has some. */
const struct evidence *veto_strongest(const struct candidate *c);
/* Does its strongest evidence hold only after what was said before? */
bool veto_is_follow_up(const struct candidate *c);
/* Does their strongest evidence lie in different parts of the message?  Not
 * when one has none. */
bool veto_are_apart(const struct candidate *x, const struct candidate *y);
/* The same, and does punctuation or one of the pack's `joins` stand between? */
bool veto_are_parted(
    struct ranking *r, const struct candidate *x, const struct candidate *y);

#endif
