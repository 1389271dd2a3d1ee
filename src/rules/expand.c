/* From the author's pattern language to a regular expression. */
#include "rules/expand.h"
#include "base/attr.h"
#include "rules/affix.h"
#include "json/check.h"

struct expanding {
	const struct map *concepts;
	const struct concept *stack[EXPAND_DEPTH]; /* being expanded */
	unsigned depth, deepest;
	enum expand_mode mode;
	struct buf *out;
	struct err *e;
};

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_length(struct str s)
{
	size_t n = 0;
	while (n < s.n && name_byte(s.p[n]))
		n++;
	return n;
}

static int expand(struct expanding *x, struct str s);

struct names {
	const char *v[512];
	size_t n;
};

static const char *name_at(const void *names, size_t i)
{
	return ((const struct names *)names)->v[i];
}

static int unknown_concept(struct expanding *x, struct str name)
{
	struct names names = { .n = 0 };
	struct map_entry *entry;
	for (size_t at = 0; names.n < HG_COUNT(names.v) &&
			    (entry = map_next(x->concepts, &at)) != NULL;)
		names.v[names.n++] =
		    ((const struct concept *)entry->value)->name;
	struct buf word = { 0 };
	buf_adds(&word, name);
	const char *near = nearest_name(word.p, name_at, &names, names.n);
	if (near != NULL)
		err_set(x->e,
		    "there is no concept \"@%s\"; did you mean "
		    "\"@%s\"?",
		    word.p, near);
	else
		err_set(x->e,
		    "there is no concept \"@%s\"; add it to "
		    "\"concepts\", or write \\\\@ for a plain @",
		    word.p);
	buf_clear(&word);
	return EXPAND_UNKNOWN;
}

static int too_deep(struct expanding *x, const struct concept *c)
{
	return err_set(x->e,
	    "concept \"@%s\" nests deeper than %d "
	    "levels; flatten it",
	    c->name, EXPAND_DEPTH);
}

/* All entries of a concept, which are not written out yet. */
static int write_out(struct expanding *x, struct concept *c)
{
	x->stack[x->depth++] = c;
	if (x->depth > x->deepest)
		x->deepest = x->depth;
	buf_addz(x->out, "(?:");
	for (size_t i = 0; i < c->n; i++) {
		if (i != 0)
			buf_addc(x->out, '|');
		int bad = expand(x, str_of(c->entries[i]));
		if (bad != 0)
			return bad;
	}
	buf_addc(x->out, ')');
	x->depth--;
	return 0;
}

static int expand_concept(struct expanding *x, struct str name)
{
	struct concept *c = map_get(x->concepts, name);
	if (c == NULL)
		return unknown_concept(x, name);
	c->used = true;
	struct str text = c->written[x->mode].text;
	unsigned deepest = x->deepest;
	if (text.p != NULL) {
		unsigned depth = x->depth + c->written[x->mode].depth;
		if (depth > EXPAND_DEPTH)
			return too_deep(x, c);
		buf_adds(x->out, text);
		x->deepest = depth > deepest ? depth : deepest;
		return 0;
	}
	for (unsigned i = 0; i < x->depth; i++)
		if (x->stack[i] == c)
			return err_set(x->e,
			    "concept \"@%s\" contains itself; take it out of "
			    "its own entries",
			    c->name);
	if (x->depth == EXPAND_DEPTH)
		return too_deep(x, c);
	size_t from = x->out->n;
	x->deepest = x->depth;
	int bad = write_out(x, c);
	if (bad != 0)
		return bad;
	if (c->a != NULL) {
		text = (struct str){ x->out->p + from, x->out->n - from };
		c->written[x->mode].text =
		    (struct str){ arena_strdup(c->a, text), text.n };
		c->written[x->mode].depth = x->deepest - x->depth;
	}
	if (x->deepest < deepest)
		x->deepest = deepest;
	return 0;
}

/* Refuse what would let a rule reach outside its own match. */
static int check_group(struct expanding *x, struct str s)
{
	if (str_starts(s, STR("(*")))
		return err_set(x->e, "verbs such as \"(*...)\" are not "
				     "allowed; take it out");
	if (str_starts(s, STR("(?C")))
		return err_set(x->e, "callouts \"(?C...)\" are not allowed; "
				     "take it out");
	static const char *const recursions[] = { "(?R", "(?&", "(?P>", "(?+",
		"(?0" };
	for (size_t i = 0; i < HG_COUNT(recursions); i++)
		if (str_starts(s, str_of(recursions[i])))
			return err_set(x->e,
			    "recursion \"%s...)\" is not "
			    "allowed; write the group out",
			    recursions[i]);
	size_t at = s.n > 3 && (s.p[2] == '-' || s.p[2] == '+') ? 3 : 2;
	if (s.n > at && s.p[1] == '?' && s.p[at] >= '0' && s.p[at] <= '9')
		return err_set(x->e,
		    "recursion \"%.*s)\" is not allowed; write the group out",
		    (int)at + 1, s.p);
	return 0;
}

/* The length of the character class that starts at s[0] == '['. */
static size_t class_length(struct str s)
{
	size_t i = 1;
	if (i < s.n && s.p[i] == '^')
		i++;
	if (i < s.n && s.p[i] == ']')
		i++;
	for (; i < s.n && s.p[i] != ']'; i++)
		if (s.p[i] == '\\')
			i++;
	return i < s.n ? i + 1 : s.n;
}

static void expand_root(struct expanding *x, struct str root)
{
	switch (x->mode) {
	case EXPAND_MATCH:
		affix_expand(root, x->out);
		break;
	case EXPAND_SPELL:
		affix_spell(root, x->out);
		break;
	case EXPAND_OWN:
		buf_addz(x->out, "\\w+");
		break;
	}
}

/* Expand what starts at s; *used is its length. */
static int expand_one(struct expanding *x, struct str s, size_t *used)
{
	struct str rest = { s.p + 1, s.n - 1 };
	size_t name = name_length(rest);
	*used = 1;
	switch (s.p[0]) {
	case '\\':
		*used = s.n > 1 ? 2 : 1;
		if (str_starts(s, STR("\\g<")) || str_starts(s, STR("\\g'")))
			return err_set(x->e,
			    "recursion \"\\g\" is not allowed; write the group "
			    "out");
		if (s.n > 1 && (s.p[1] == '@' || s.p[1] == '~'))
			buf_addc(x->out, s.p[1]);
		else
			buf_add(x->out, s.p, *used);
		return 0;
	case '[':
		*used = class_length(s);
		buf_add(x->out, s.p, *used);
		return 0;
	case '(':
		buf_addc(x->out, '(');
		return check_group(x, s);
	case '@':
		*used = 1 + name;
		if (name != 0)
			return expand_concept(x, (struct str){ rest.p, name });
		return err_set(x->e, "\"@\" stands alone; write @name for a "
				     "concept, or \\\\@ for a plain @");
	case '~':
		*used = 1 + name;
		if (name < 2)
			return err_set(x->e, "\"~\" needs a root of two "
					     "letters or more; write \\\\~ "
					     "for a plain ~");
		expand_root(x, (struct str){ rest.p, name });
		return 0;
	default:
		break;
	}
	if (str_starts(s, STR(" ... "))) {
		*used = 5;
		buf_addz(x->out, "(?: [^ ]++){0,5}? ");
		return 0;
	}
	/* and all up to the next that may mean something */
	while (*used < s.n && strchr("\\[(@~ ", s.p[*used]) == NULL)
		++*used;
	buf_add(x->out, s.p, *used);
	return 0;
}

static int expand(struct expanding *x, struct str s)
{
	while (s.n > 0) {
		size_t used;
		int bad = expand_one(x, s, &used);
		if (bad != 0)
			return bad;
		s.p += used;
		s.n -= used;
		if (x->out->n > EXPAND_BYTES)
			return err_set(x->e,
			    "grows over %d bytes when its "
			    "concepts are written out; use "
			    "smaller concepts",
			    EXPAND_BYTES);
	}
	return 0;
}

static const char EDGE_BEFORE[] = "(?<!\\w)(?:", EDGE_BEHIND[] = ")(?!\\w)";

struct str expand_inner(struct str regex, bool edges)
{
	if (!edges)
		return regex;
	regex.p += sizeof(EDGE_BEFORE) - 1;
	regex.n -= sizeof(EDGE_BEFORE) - 1 + sizeof(EDGE_BEHIND) - 1;
	return regex;
}

int expand_pattern(const char *source, const struct map *concepts,
    enum expand_mode mode, bool edges, struct buf *out, struct err *e)
{
	struct expanding x = {
		.concepts = concepts, .mode = mode, .out = out, .e = e
	};
	if (edges)
		buf_addz(out, EDGE_BEFORE);
	int bad = expand(&x, str_of(source));
	if (bad != 0)
		return bad;
	if (edges)
		buf_addz(out, EDGE_BEHIND);
	return 0;
}
