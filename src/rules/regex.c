/* A reader of regular expressions.  It knows the syntax that rule authors use;
 * everything else is taken for "anything", which is always safe: a pattern
 * that is not understood is simply run on every message. */
#include "rules/regex.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { RX_DEPTH = 80, CLASS_MEMBERS = 24 };

struct reading {
	struct arena *a;
	const char *p, *end;
	unsigned depth;
	bool lost; /* something that changes the meaning of the rest */
};

/* A growing list of nodes, moved to the arena when done. */
struct nodes {
	struct rx **v;
	size_t n, cap;
};

static struct rx *node(struct reading *r, enum rx_kind kind)
{
	struct rx *x = arena_alloc(r->a, sizeof(*x));
	x->kind = kind;
	return x;
}

static struct rx *literal(struct reading *r, const char *p, size_t n)
{
	struct rx *x = node(r, RX_LITERAL);
	x->text = (struct str){ arena_strdup(r->a, (struct str){ p, n }), n };
	return x;
}

static struct rx *any_of(struct reading *r, const char *sample)
{
	struct rx *x = node(r, RX_CHAR);
	x->text = str_of(sample);
	return x;
}

static void add(struct nodes *l, struct rx *x)
{
	VEC_ROOM(l->v, l->n, l->cap);
	l->v[l->n++] = x;
}

/* The list as one node of that kind; a single kid stands for itself. */
static struct rx *close_list(
    struct reading *r, struct nodes *l, enum rx_kind kind)
{
	struct rx *x;
	if (l->n == 1) {
		x = l->v[0];
	} else if (l->n == 0) {
		x = node(r, RX_EMPTY);
	} else {
		x = node(r, kind);
		x->n = l->n;
		x->kids = arena_alloc(r->a, l->n * sizeof(struct rx *));
		memcpy(x->kids, l->v, l->n * sizeof(struct rx *));
	}
	free(l->v);
	return x;
}

static bool at(const struct reading *r, const char *z)
{
	size_t n = strlen(z);
	return (size_t)(r->end - r->p) >= n && memcmp(r->p, z, n) == 0;
}

static size_t char_length(const struct reading *r)
{
	uint32_t cp;
	unsigned n = utf8_decode(r->p, (size_t)(r->end - r->p), &cp);
	return n == 0 ? 1 : n;
}

static struct rx *parse_alt(struct reading *r);

/* Skip to behind the next c. */
static void skip_past(struct reading *r, char c)
{
	while (r->p < r->end && *r->p != c)
		r->p++;
	if (r->p < r->end)
		r->p++;
}

/* What follows "(": the body up to and with ")". */
static struct rx *parse_group(struct reading *r)
{
	static const char *const looks[] = { "?=", "?!", "?*", "?<=", "?<!",
		"?<*" };
	bool look = false;
	for (size_t i = 0; i < HG_COUNT(looks) && !look; i++) {
		look = at(r, looks[i]);
		if (look)
			r->p += strlen(looks[i]);
	}
	if (look) {
		/* nothing: what it asks for is not part of the text */
	} else if (at(r, "?#")) {
		skip_past(r, ')');
		return node(r, RX_EMPTY);
	} else if (at(r, "?:") || at(r, "?>") || at(r, "?|")) {
		r->p += 2;
	} else if (at(r, "?<") || at(r, "?P<")) {
		skip_past(r, '>');
	} else if (at(r, "?'")) {
		r->p += 2;
		skip_past(r, '\'');
	} else if (at(r, "?") || at(r, "*")) {
		r->lost = true; /* options, conditions, verbs */
	}
	struct rx *x = parse_alt(r);
	if (r->p < r->end)
		r->p++;
	return look ? node(r, RX_EMPTY) : x;
}

/* What follows a backslash outside a class. */
static struct rx *parse_escape(struct reading *r)
{
	if (r->p == r->end)
		return node(r, RX_EMPTY);
	size_t n = char_length(r);
	char c = *r->p;
	const char *from = r->p;
	r->p += n;
	if (strchr("bBAZzGK", c) != NULL)
		return node(r, RX_EMPTY);
	if (c == 'd')
		return any_of(r, "1");
	if (strchr("wWSHVD", c) != NULL)
		return any_of(r, c == 'D' || c == 'W' ? " " : "a");
	if (strchr("sh", c) != NULL)
		return any_of(r, " ");
	bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z');
	if (!word)
		return literal(r, from, n);
	r->lost = true; /* \x{..}, \p{..}, \N{..}, \1, \Q: rare in rules */
	return node(r, RX_UNKNOWN);
}

/* The members of a class, while they are few and plain. */
struct members {
	struct nodes list;
	bool many;
	char sample[8];
};

static void add_member(
    struct reading *r, struct members *m, const char *p, size_t n)
{
	if (m->sample[0] == '\0' && n < sizeof(m->sample))
		memcpy(m->sample, p, n);
	if (m->list.n == CLASS_MEMBERS)
		m->many = true;
	else
		add(&m->list, literal(r, p, n));
}

static void add_range(
    struct reading *r, struct members *m, unsigned char from, unsigned char to)
{
	for (unsigned c = from; c <= to && !m->many; c++) {
		char byte = (char)c;
		add_member(r, m, &byte, 1);
	}
}

/* The length of "[:alpha:]" or "[:^alpha:]" at p; 0 when it is none, and the
 * bracket is a member like any other. */
static size_t posix_length(const struct reading *r)
{
	const char *q = r->p + 2;
	if (!at(r, "[:"))
		return 0;
	while (q < r->end && ((*q >= 'a' && *q <= 'z') || *q == '^'))
		q++;
	if (r->end - q < 2 || q[0] != ':' || q[1] != ']')
		return 0;
	return (size_t)(q + 2 - r->p);
}

/* One member or range of a class. */
static void parse_member(struct reading *r, struct members *m)
{
	size_t n = char_length(r);
	const char *from = r->p;
	size_t named = posix_length(r);
	if (named > 0) {
		m->many = true;
		r->p += named;
		return;
	}
	if (*from == '\\' && r->p + 1 < r->end) {
		r->p++;
		n = char_length(r);
		from = r->p;
		char c = *from;
		r->p += n;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9')) {
			if (c == 'd')
				add_member(r, m, "1", 1);
			/* \cX, \Q..\E and \x.. go on behind their letter, and
			 * may hide the "]" that would end the class */
			if (strchr("dDwWsShHvVnrtfae", c) == NULL)
				r->lost = true;
			m->many = true;
		} else {
			add_member(r, m, from, n);
			if (at(r, "-"))
				m->many = true; /* may begin a range */
		}
		return;
	}
	r->p += n;
	if (r->end - r->p < 2 || *r->p != '-' || r->p[1] == ']') {
		add_member(r, m, from, n);
		return;
	}
	r->p++;
	if (*r->p == '\\') {
		m->many = true; /* a range to what the next member reads */
		return;
	}
	size_t n2 = char_length(r);
	unsigned char hi = (unsigned char)*r->p;
	r->p += n2;
	add_member(r, m, from, n);
	if (n != 1 || n2 != 1)
		m->many = true;
	else
		add_range(r, m,
		    (unsigned char)(*(const unsigned char *)from + 1), hi);
}

/* What follows "[". */
static struct rx *parse_class(struct reading *r)
{
	struct members m = { .many = false };
	bool negated = r->p < r->end && *r->p == '^';
	if (negated)
		r->p++;
	bool first = true;
	while (r->p < r->end && (first || *r->p != ']')) {
		parse_member(r, &m);
		first = false;
	}
	if (r->p < r->end)
		r->p++;
	if (!negated && !m.many)
		return close_list(r, &m.list, RX_ALT);
	free(m.list.v);
	struct rx *x = node(r, RX_CHAR);
	const char *sample = negated || m.sample[0] == '\0' ? "a" : m.sample;
	/* a negated class takes what it does not name */
	if (negated && strchr(m.sample, 'a') != NULL)
		sample = "x";
	x->text =
	    (struct str){ arena_strdup(r->a, str_of(sample)), strlen(sample) };
	return x;
}

/* One that stands for itself, of one byte. */
static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ' ||
	       c == '\'' || c == '-';
}

static struct rx *parse_atom(struct reading *r)
{
	char c = *r->p;
	size_t n = char_length(r);
	const char *from = r->p;
	r->p += n;
	switch (c) {
	case '(':
		return parse_group(r);
	case '[':
		return parse_class(r);
	case '\\':
		return parse_escape(r);
	case '.':
		return any_of(r, "a");
	case '^':
	case '$':
		return node(r, RX_EMPTY);
	default:
		while (r->p < r->end && is_plain(*r->p))
			r->p++;
		/* a quantifier is about the last one only */
		if (r->p - from > (ptrdiff_t)n && r->p < r->end &&
		    strchr("*+?{", *r->p) != NULL)
			r->p--;
		return literal(r, from, (size_t)(r->p - from));
	}
}

/* "{2}", "{2,}", "{2,5}" at p: its length, or 0. */
static size_t parse_counts(const char *p, const char *end, struct rx *x)
{
	const char *q = p + 1;
	unsigned v[2] = { 0, RX_ENDLESS };
	int i = 0;
	bool digit = false;
	for (; q < end && *q != '}'; q++) {
		if (*q == ',' && i == 0 && digit) {
			i = 1;
			digit = false;
		} else if (*q >= '0' && *q <= '9' && (digit || *q != ',')) {
			v[i] = (digit ? v[i] * 10 : 0) + (unsigned)(*q - '0');
			digit = true;
			if (v[i] > RX_ENDLESS)
				return 0;
		} else {
			return 0;
		}
	}
	if (q == end || (i == 0 && !digit))
		return 0;
	x->min = v[0];
	x->max = i == 0 ? v[0] : v[1];
	return (size_t)(q - p) + 1;
}

/* An atom and the quantifiers behind it. */
static struct rx *parse_item(struct reading *r)
{
	struct rx *x = parse_atom(r);
	while (r->p < r->end) {
		struct rx q = { .kind = RX_REPEAT };
		size_t used = 1;
		if (*r->p == '*')
			q.max = RX_ENDLESS;
		else if (*r->p == '+')
			q.min = 1, q.max = RX_ENDLESS;
		else if (*r->p == '?')
			q.max = 1;
		else if (*r->p == '{')
			used = parse_counts(r->p, r->end, &q);
		else
			break;
		if (used == 0)
			break;
		r->p += used;
		if (r->p < r->end && (*r->p == '?' || *r->p == '+'))
			r->p++; /* lazy or possessive */
		struct rx *rep = node(r, RX_REPEAT);
		*rep = q;
		rep->n = 1;
		rep->kids = arena_alloc(r->a, sizeof(struct rx *));
		rep->kids[0] = x;
		x = rep;
	}
	return x;
}

/* Add to a sequence; neighbouring literals become one. */
static void add_joined(struct reading *r, struct nodes *l, struct rx *x)
{
	struct rx *last = l->n > 0 ? l->v[l->n - 1] : NULL;
	if (x->kind != RX_LITERAL || last == NULL || last->kind != RX_LITERAL) {
		add(l, x);
		return;
	}
	size_t n = last->text.n + x->text.n;
	char *both = arena_alloc(r->a, n + 1);
	memcpy(both, last->text.p, last->text.n);
	memcpy(both + last->text.n, x->text.p, x->text.n);
	struct rx *joined = node(r, RX_LITERAL);
	joined->text = (struct str){ both, n };
	l->v[l->n - 1] = joined;
}

static struct rx *parse_cat(struct reading *r)
{
	struct nodes l = { 0 };
	while (r->p < r->end && *r->p != '|' && *r->p != ')')
		add_joined(r, &l, parse_item(r));
	return close_list(r, &l, RX_CAT);
}

static struct rx *parse_alt(struct reading *r)
{
	struct nodes l = { 0 };
	if (++r->depth > RX_DEPTH) {
		r->lost = true;
		r->p = r->end;
	}
	add(&l, parse_cat(r));
	while (r->p < r->end && *r->p == '|') {
		r->p++;
		add(&l, parse_cat(r));
	}
	r->depth--;
	return close_list(r, &l, RX_ALT);
}

struct rx *rx_parse(struct arena *a, struct str regex)
{
	struct reading r = { .a = a, .p = regex.p, .end = regex.p + regex.n };
	struct rx *x = parse_alt(&r);
	return r.lost || r.p != r.end ? node(&r, RX_UNKNOWN) : x;
}

void rx_sample(const struct rx *x, bool some, struct buf *out)
{
	switch (x->kind) {
	case RX_EMPTY:
	case RX_UNKNOWN:
		break;
	case RX_LITERAL:
	case RX_CHAR:
		buf_adds(out, x->text);
		break;
	case RX_CAT:
		for (size_t i = 0; i < x->n; i++)
			rx_sample(x->kids[i], some, out);
		break;
	case RX_ALT:
		rx_sample(x->kids[0], some, out);
		break;
	case RX_REPEAT: {
		unsigned times = x->min;
		if (times == 0 && some && x->max > 0)
			times = 1;
		for (unsigned i = 0; i < times && i < 64; i++)
			rx_sample(x->kids[0], some, out);
		break;
	}
	}
}
