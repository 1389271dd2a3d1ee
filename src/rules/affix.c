/* Indonesian affixes as a regular expression, made when rules are compiled: no
 * dictionary and no stemmer at run time.  The nasal prefixes (meN-, peN-)
 * change the first letter of the root; everyday speech drops "me". */
#include "rules/affix.h"
#include "base/attr.h"

#include <stdbool.h>

/* -kan, -in, -i, -an, then a clitic, then a particle. */
#define SUFFIX "(?:kan|in|i|an)?(?:nya|ku|mu|nyo)?(?:lah|kah|pun|dong|nih)?"

/* The root with its nasal beginning, as alternatives without brackets. */
static void add_nasal(struct str root, struct buf *out)
{
	struct str rest = { root.p + 1, root.n - 1 };
	switch (root.p[0]) {
	case 'k': /* mengirim; menge-, and loans keep the k: mengklaim */
		buf_addf(out, "ngk?%.*s", STR_ARG(rest));
		break;
	case 'p':
		buf_addf(out, "mp?%.*s", STR_ARG(rest));
		break;
	case 't':
		buf_addf(out, "nt?%.*s", STR_ARG(rest));
		break;
	case 's':
		buf_addf(out, "(?:ny|ns)%.*s", STR_ARG(rest));
		break;
	case 'a':
	case 'i':
	case 'u':
	case 'e':
	case 'o':
	case 'g':
	case 'h':
		buf_addf(out, "ng%.*s", STR_ARG(root));
		break;
	case 'b':
	case 'f':
	case 'v':
		buf_addf(out, "m%.*s", STR_ARG(root));
		break;
	case 'd':
	case 'c':
	case 'j':
	case 'z':
		buf_addf(out, "n%.*s", STR_ARG(root));
		break;
	default:
		buf_adds(out, root);
	}
}

void affix_expand(struct str root, struct buf *out)
{
	int n = (int)root.n;
	const char *r = root.p;
	/* ke-...-an; plain prefixes; nge- of speech and of short roots */
	buf_addf(out,
	    "(?:ke%.*s(?:an|kan)(?:nya|ku|mu)?|"
	    "(?:di|ter|ke|se|ber|be|ku|kau|diper|memper|keter|per|"
	    "(?:me|pe|di)?nge)?%.*s(?:-%.*s)?" SUFFIX "|"
	    "(?:me|pe|di-?pe)?(?:",
	    n, r, n, r, n, r);
	add_nasal(root, out);
	buf_addz(out, ")" SUFFIX ")");
}

/* The root with its nasal beginning in one spelling. */
static void spell_nasal(struct str root, struct buf *out)
{
	static const struct {
		char first;
		const char *nasal;
		bool drops; /* the first letter of the root */
	} rows[] = { { 'k', "ng", true }, { 'p', "m", true },
		{ 't', "n", true }, { 's', "ny", true }, { 'b', "m", false },
		{ 'f', "m", false }, { 'v', "m", false }, { 'd', "n", false },
		{ 'c', "n", false }, { 'j', "n", false }, { 'z', "n", false },
		{ 'a', "ng", false }, { 'i', "ng", false },
		{ 'u', "ng", false }, { 'e', "ng", false },
		{ 'o', "ng", false }, { 'g', "ng", false },
		{ 'h', "ng", false } };
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		if (rows[i].first != root.p[0])
			continue;
		size_t skip = rows[i].drops ? 1 : 0;
		buf_addf(out, "%s%.*s", rows[i].nasal, (int)(root.n - skip),
		    root.p + skip);
		return;
	}
	buf_adds(out, root);
}

void affix_spell(struct str root, struct buf *out)
{
	int n = (int)root.n;
	const char *r = root.p;
	struct buf nasal = { 0 };
	spell_nasal(root, &nasal);
	buf_addf(out,
	    "(?:(?:di|ter|ke|me)?%.*s(?:kan|in|an|nya|ku)?|"
	    "(?:%.*sannya|%.*sanku)|(?:me|pe)?%s(?:kan|an|in)?)",
	    n, r, n, r, n, r, nasal.p);
	buf_clear(&nasal);
}
