#ifndef HG_RULES_TABLE_H
#define HG_RULES_TABLE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/textfile.h"
#include "json/check.h"

/* A table of the shop's own facts, such as its orders, looked up by one
 * column. */

enum {
	TABLE_COLUMNS = 64,
	TABLE_ROWS = 1000000,
	TABLE_KEY_BYTES = 96,
	TABLE_JSON_BYTES = 8 * 1024 * 1024,
};

struct table {
	const char *name, *path;
	const char **columns;
	size_t n_columns, key; /* key: number of the column looked up by */
	size_t n_rows;
	struct map rows;  /* key, folded -> const char **, the cells */
	struct map kinds; /* name of several, folded -> struct table_kind * */
};

/* Rows that go by one name, in their order; of more only the first. */
enum { TABLE_KIND_ROWS = 8 };
struct table_kind {
	const char *const *rows[TABLE_KIND_ROWS];
	size_t n;
};

/* What a table must look like. */
struct table_shape {
	const char *key;       /* name of the column looked up by */
	const char **required; /* columns that may not be empty */
	size_t n_required;
	/* column of other names of the row, with | between, that it is found
	 * by as well; NULL, or one that the file does not have: none */
	const char *also;
	/* the same of names that several rows may share: "bag" */
	const char *kind;
};

/* Read a CSV file (RFC 4180; a semicolon may separate too) with a header, or a
 * JSON list of objects.  Findings go to d, at most a screenful.  Returns false
 * when there was an error; then t is not to be used but for table_clear. */
bool table_parse(struct table *t, struct arena *a, const struct text_file *file,
    const struct table_shape *shape, struct diags *d);
void table_clear(struct table *t);

/* The cells of the row with that key, or NULL.  Letters and digits count,
 * their case does not: "HG-2210" finds "hg 2210". */
const char *const *table_find(const struct table *t, struct str key);
/* The rows of that key, or of that name of several, at most `most`, into rows.
 * Returns how many. */
size_t table_find_all(const struct table *t, struct str name,
    const char *const **rows, size_t most);
/* The cells of the one row with a name that this word is a slip of the fingers
 * for (see text/slip.h), or NULL: none, or more than one as near, a word that
 * is not of letters alone, or a table with too many names to look at each. */
const char *const *table_near(const struct table *t, struct str word);
/* The number of a column, or -1. */
int table_column(const struct table *t, struct str name);

#endif
