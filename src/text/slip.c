/* Slips: optimal string alignment (see str_distance) in which each kind of
 * edit has a cost of its own. */
#include "text/slip.h"
#include "base/attr.h"

enum {
	LONGEST = 31,
	NEVER = 100, /* more than any max */
	SHORT = 4,   /* letters: little may be wrong in it */
	PLAIN = 2,   /* what slips cost */
	DOUBTFUL = 3,
};

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static bool are_among(char a, char b, const char *const *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((pairs[i][0] == a && pairs[i][1] == b) ||
		    (pairs[i][0] == b && pairs[i][1] == a))
			return true;
	return false;
}

static bool sound_alike(char a, char b)
{
	static const char *const pairs[] = { "ck", "sz", "fv", "fp", "vp", "iy",
		"qk", "dt" };
	return are_among(a, b, pairs, HG_COUNT(pairs));
}

/* On the same row, or where one key touches the next row's. */
static bool lie_beside(char a, char b)
{
	static const char *const rows[] = { "qwertyuiop", "asdfghjkl",
		"zxcvbnm" };
	int row[2] = { 0, 0 }, at[2] = { 0, 0 };
	const char key[2] = { a, b };
	for (int k = 0; k < 2; k++)
		for (int r = 0; r < 3; r++)
			for (int i = 0; rows[r][i] != '\0'; i++)
				if (rows[r][i] == key[k]) {
					row[k] = r;
					/* each row is half a key to the right
					 * of the one above */
					at[k] = 2 * i + r;
				}
	int down = row[0] - row[1], aside = at[0] - at[1];
	return down >= -1 && down <= 1 && aside >= -2 && aside <= 2;
}

/* One letter for another. */
static unsigned replaced(struct str typed, char a, char b)
{
	if (a == b)
		return 0;
	if (typed.n <= SHORT)
		return NEVER;
	return (is_vowel(a) && is_vowel(b)) || sound_alike(a, b) ||
		       lie_beside(a, b)
		   ? DOUBTFUL
		   : NEVER;
}

static bool is_double(struct str w, size_t i)
{
	return (i > 0 && w.p[i - 1] == w.p[i]) ||
	       (i + 1 < w.n && w.p[i + 1] == w.p[i]);
}

static unsigned left_out(struct str typed, struct str meant, size_t j)
{
	return typed.n > SHORT || is_vowel(meant.p[j]) || is_double(meant, j)
		   ? PLAIN
		   : NEVER;
}

static unsigned too_many(struct str typed, size_t i)
{
	if (is_double(typed, i))
		return PLAIN;
	return typed.n > SHORT + 1 ? DOUBTFUL : NEVER;
}

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned slip_cost(struct str typed, struct str meant, unsigned max)
{
	unsigned row[3][LONGEST + 1];
	if (typed.n > LONGEST || meant.n > LONGEST)
		return max + 1;
	row[0][0] = 0;
	for (size_t j = 1; j <= meant.n; j++)
		row[0][j] = row[0][j - 1] + left_out(typed, meant, j - 1);
	for (size_t i = 1; i <= typed.n; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3];
		const unsigned *up2 = row[(i + 1) % 3];
		unsigned more = too_many(typed, i - 1);
		now[0] = up[0] + more;
		char c = typed.p[i - 1];
		for (size_t j = 1; j <= meant.n; j++) {
			char m = meant.p[j - 1];
			unsigned d = up[j - 1] + replaced(typed, c, m);
			d = min2(d, up[j] + more);
			d = min2(d, now[j - 1] + left_out(typed, meant, j - 1));
			if (i > 1 && j > 1 && c == meant.p[j - 2] &&
			    typed.p[i - 2] == m)
				d = min2(d, up2[j - 2] + PLAIN);
			now[j] = d;
		}
	}
	return min2(row[typed.n % 3][meant.n], max + 1);
}
