#ifndef HG_BASE_STR_H
#define HG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A run of bytes with its length; borrowed, not NUL-terminated. */
struct str {
	const char *p;
	size_t n;
};

#define STR(lit)   ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE   ((struct str){ NULL, 0 })
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

static inline struct str str_of(const char *z)
{
	return (struct str){ z, z != NULL ? strlen(z) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The same but for the case of ASCII letters? */
static inline bool str_eq_case(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}

static inline bool str_ends(struct str a, struct str tail)
{
	return a.n >= tail.n && memcmp(a.p + a.n - tail.n, tail.p, tail.n) == 0;
}

static inline bool str_starts(struct str a, struct str head)
{
	return a.n >= head.n &&
	       (head.n == 0 || memcmp(a.p, head.p, head.n) == 0);
}

/* Cut to at most n bytes, never inside a UTF-8 character. */
struct str str_cut(struct str s, size_t n);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/* Take the part of *rest up to the first sep, or all of it; *rest moves past
 * it.  False when *rest is used up (p == NULL). */
bool str_next(struct str *rest, char sep, struct str *part);

/* Optimal string alignment distance (insert, delete, replace, swap of
 * neighbours, each 1) of two texts in bytes; max + 1 when it is over max or a
 * text is longer than 63 bytes.  Source: Damerau 1964; Boytsov 2011, OSA. */
unsigned str_distance(struct str a, struct str b, unsigned max);

#endif
