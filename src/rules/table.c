/* Tables: CSV and JSON in, rows by key out. */
#include "rules/table.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "text/slip.h"
#include "json/places.h"

#include <stdio.h>

enum { MOST_FINDINGS = 20 };

/* A table that is being read. */
struct reader {
	struct table *t;
	struct arena *a;
	const struct table_shape *shape;
	struct diags *d;
	size_t findings;
};

/* Report at a place; false once there are so many that reading stops. */
static bool report(struct reader *r, struct json_pos at, const char *text)
{
	if (++r->findings <= MOST_FINDINGS)
		diags_add(r->d, DIAG_ERROR, r->t->path, at, "%s", text);
	if (r->findings == MOST_FINDINGS)
		diags_add(r->d, DIAG_ERROR, r->t->path, at,
		    "table \"%s\" has more mistakes like these; mend them "
		    "first",
		    r->t->name);
	return r->findings < MOST_FINDINGS;
}

/* A key as it is compared: lower case letters and digits. */
static struct str fold_key(struct str s, char *out, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < size; i++) {
		char c = s.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (unsigned char)c >= 0x80)
			out[n++] = c;
	}
	return (struct str){ out, n };
}

const char *const *table_find(const struct table *t, struct str key)
{
	char buf[TABLE_KEY_BYTES];
	struct str k = fold_key(key, buf, sizeof(buf));
	return k.n == 0 ? NULL : map_get(&t->rows, k);
}

size_t table_find_all(const struct table *t, struct str name,
    const char *const **rows, size_t most)
{
	char buf[TABLE_KEY_BYTES];
	struct str k = fold_key(name, buf, sizeof(buf));
	if (k.n == 0 || most == 0)
		return 0;
	rows[0] = map_get(&t->rows, k);
	if (rows[0] != NULL)
		return 1;
	const struct table_kind *kind = map_get(&t->kinds, k);
	size_t n = 0;
	for (; kind != NULL && n < kind->n && n < most; n++)
		rows[n] = kind->rows[n];
	return n;
}

/* A number with another digit is another one, no slip. */
static bool is_letters(struct str s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
		n++;
	return n == s.n;
}

const char *const *table_near(const struct table *t, struct str word)
{
	enum { NAMES = 2000, LONG = 6 };
	char buf[TABLE_KEY_BYTES];
	struct str typed = fold_key(word, buf, sizeof(buf));
	unsigned most = typed.n >= LONG ? SLIP_TWO : SLIP_ONE;
	unsigned best = most + 1;
	const char *const *found = NULL;
	struct map_entry *entry;
	if (t->n_rows > NAMES || !is_letters(typed))
		return NULL;
	for (size_t at = 0; (entry = map_next(&t->rows, &at)) != NULL;) {
		unsigned cost = is_letters(entry->key)
				    ? slip_cost(typed, entry->key, most)
				    : most + 1;
		if (cost < best) {
			best = cost;
			found = entry->value;
		} else if (cost == best && found != entry->value) {
			found = NULL;
		}
	}
	return found;
}

int table_column(const struct table *t, struct str name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (str_is(name, t->columns[i]))
			return (int)i;
	return -1;
}

void table_clear(struct table *t)
{
	map_clear(&t->rows);
	map_clear(&t->kinds);
}

static const char *column_name(const void *t, size_t i)
{
	return ((const struct table *)t)->columns[i];
}

/* The columns are known: find those that the shape names. */
static bool check_columns(struct reader *r, struct json_pos at)
{
	struct table *t = r->t;
	char text[256];
	bool good = true;
	for (size_t i = 0; i <= r->shape->n_required; i++) {
		const char *want =
		    i == 0 ? r->shape->key : r->shape->required[i - 1];
		int found = table_column(t, str_of(want));
		if (i == 0 && found >= 0)
			t->key = (size_t)found;
		if (found >= 0)
			continue;
		const char *near =
		    nearest_name(want, column_name, t, t->n_columns);
		(void)snprintf(text, sizeof(text),
		    "table \"%s\" has no column \"%.40s\"%s%.40s%s", t->name,
		    want,
		    near != NULL ? "; rename \""
				 : "; add it to the header line",
		    near != NULL ? near : "",
		    near != NULL ? "\" or the key in \"tables\""
				 : ""); /* cut is fine */
		good = false;
		if (!report(r, at, text))
			break;
	}
	return good;
}

/* A sponsored product without the sponsor's name would hide who pays. */
static bool hides_sponsor(const struct table *t, const char **cells)
{
	static const char *const no[] = { "", "0", "no", "tidak", "false" };
	int sponsored = table_column(t, STR("sponsored"));
	int sponsor = table_column(t, STR("sponsor"));
	if (sponsored < 0 || (sponsor >= 0 && cells[sponsor][0] != '\0'))
		return false;
	for (size_t i = 0; i < HG_COUNT(no); i++)
		if (strcmp(cells[sponsored], no[i]) == 0)
			return false;
	return true;
}

/* What is wrong with a row by itself, into text; false when nothing is. */
static bool find_fault(
    const struct reader *r, const char **cells, char *text, size_t size)
{
	const struct table *t = r->t;
	char buf[TABLE_KEY_BYTES];
	if (fold_key(str_of(cells[t->key]), buf, sizeof(buf)).n == 0) {
		(void)snprintf(text, size,
		    "table \"%s\": a row without \"%s\"; fill it in or take "
		    "the row out",
		    t->name, r->shape->key); /* cut is fine */
		return true;
	}
	for (size_t i = 0; i < r->shape->n_required; i++) {
		int c = table_column(t, str_of(r->shape->required[i]));
		if (c < 0 || cells[c][0] != '\0')
			continue;
		(void)snprintf(text, size,
		    "table \"%s\": the row of \"%.60s\" has no \"%.40s\"; fill "
		    "it in",
		    t->name, cells[t->key],
		    r->shape->required[i]); /* cut is fine */
		return true;
	}
	if (hides_sponsor(t, cells)) {
		(void)snprintf(text, size,
		    "table \"%s\": \"%.60s\" is sponsored but names no "
		    "sponsor; fill in the column \"sponsor\"",
		    t->name, cells[t->key]); /* cut is fine */
		return true;
	}
	return false;
}

/* From now on the row is found by this name; false to stop reading. */
static bool add_name(
    struct reader *r, const char **cells, struct str name, struct json_pos at)
{
	struct table *t = r->t;
	char text[256], buf[TABLE_KEY_BYTES];
	struct str key = fold_key(name, buf, sizeof(buf));
	const char **other = map_get(&t->rows, key);
	if (key.n == 0 || other == cells)
		return true;
	if (other == NULL) {
		struct str own = { arena_strdup(r->a, key), key.n };
		(void)map_put(&t->rows, own, cells); /* it is new */
		return true;
	}
	(void)snprintf(text, sizeof(text),
	    "table \"%s\": \"%.*s\" is there twice; take one out", t->name,
	    (int)(name.n < 60 ? name.n : 60), name.p); /* cut is fine */
	return report(r, at, text);
}

/* From now on the row is one of those that go by this name. */
static bool add_kind(
    struct reader *r, const char **cells, struct str name, struct json_pos at)
{
	char buf[TABLE_KEY_BYTES];
	struct str key = fold_key(name, buf, sizeof(buf));
	(void)at; /* more than fit are no mistake */
	if (key.n == 0)
		return true;
	struct table_kind *kind = map_get(&r->t->kinds, key);
	if (kind == NULL) {
		struct str own = { arena_strdup(r->a, key), key.n };
		kind = arena_alloc(r->a, sizeof(*kind));
		kind->n = 0;
		(void)map_put(&r->t->kinds, own, kind); /* it is new */
	}
	if (kind->n < TABLE_KIND_ROWS)
		kind->rows[kind->n++] = cells;
	return true;
}

typedef bool (*add_fn)(
    struct reader *r, const char **cells, struct str name, struct json_pos at);

/* Take in the names that stand in a column with "|" between; false to stop. */
static bool add_names(struct reader *r, const char **cells, const char *column,
    struct json_pos at, add_fn add)
{
	int c = column != NULL ? table_column(r->t, str_of(column)) : -1;
	struct str rest = str_of(c >= 0 ? cells[c] : ""), name;
	while (rest.n > 0 && str_next(&rest, '|', &name))
		if (!add(r, cells, name, at))
			return false;
	return true;
}

/* Take in a row whose cells live in the arena; false to stop. */
static bool add_row(struct reader *r, const char **cells, struct json_pos at)
{
	struct table *t = r->t;
	char text[256];
	if (find_fault(r, cells, text, sizeof(text)))
		return report(r, at, text);
	if (t->n_rows == TABLE_ROWS) {
		(void)snprintf(text, sizeof(text),
		    "table \"%s\" has more than %d rows; take old ones out",
		    t->name, TABLE_ROWS); /* cut is fine */
		(void)report(r, at, text);
		return false;
	}
	t->n_rows++;
	return add_name(r, cells, str_of(cells[t->key]), at) &&
	       add_names(r, cells, r->shape->also, at, add_name) &&
	       add_names(r, cells, r->shape->kind, at, add_kind);
}

/* Where a CSV file is read. */
struct csv {
	const char *p, *end, *line_start;
	int line;
	char separator;
};

static struct json_pos csv_pos(const struct csv *c)
{
	return (struct json_pos){ c->line, (int)(c->p - c->line_start) + 1 };
}

/* One cell, appended to out; *last when the row ends with it.  False when a
 * quote is never closed. */
static bool csv_cell(struct csv *c, struct buf *out, bool *last)
{
	buf_reset(out);
	bool quoted = c->p < c->end && *c->p == '"';
	if (quoted)
		c->p++;
	*last = false;
	while (c->p < c->end) {
		char ch = *c->p++;
		if (ch == '\n')
			c->line++, c->line_start = c->p;
		if (quoted && ch == '"') {
			if (c->p < c->end && *c->p == '"')
				buf_addc(out, *c->p++);
			else
				quoted = false;
		} else if (!quoted && ch == c->separator) {
			return true;
		} else if (!quoted && ch == '\n') {
			*last = true;
			return true;
		} else if (quoted || ch != '\r') {
			buf_addc(out, ch);
		}
	}
	*last = true;
	return !quoted;
}

static bool parse_header(struct reader *r, struct csv *c)
{
	struct table *t = r->t;
	struct json_pos at = { 1, 1 };
	struct buf cell = { 0 };
	bool last = false, good = true;
	const char *line_end = c->p;
	while (line_end < c->end && *line_end != '\n')
		line_end++;
	size_t n = (size_t)(line_end - c->p);
	c->separator = ',';
	if (n > 0 && memchr(c->p, ',', n) == NULL &&
	    memchr(c->p, ';', n) != NULL)
		c->separator = ';';
	t->columns = arena_alloc(r->a, TABLE_COLUMNS * sizeof(char *));
	while (good && !last) {
		good =
		    csv_cell(c, &cell, &last) && t->n_columns < TABLE_COLUMNS;
		if (good)
			t->columns[t->n_columns++] =
			    arena_strdup(r->a, str_trim(buf_str(&cell)));
	}
	buf_clear(&cell);
	if (good)
		return check_columns(r, at);
	(void)report(r, at,
	    "the header line has an open quote or more than 64 columns; mend "
	    "the first line");
	return false;
}

static bool parse_row(struct reader *r, struct csv *c, struct buf *cell)
{
	struct table *t = r->t;
	struct json_pos at = csv_pos(c);
	const char **cells = arena_alloc(r->a, t->n_columns * sizeof(char *));
	size_t n = 0;
	bool last = false;
	while (!last) {
		if (!csv_cell(c, cell, &last)) {
			(void)report(r, at,
			    "a quote is opened here and never closed; close "
			    "it with \"");
			return false;
		}
		if (utf8_check(buf_str(cell)) != cell->n)
			return report(r, at,
			    "a cell of this row is not valid UTF-8; save the "
			    "file as \"CSV UTF-8\"");
		if (n < t->n_columns)
			cells[n] = arena_strdup(r->a, str_trim(buf_str(cell)));
		n++;
	}
	if (n == 1 && cells[0][0] == '\0')
		return true; /* an empty line */
	if (n != t->n_columns) {
		char text[160];
		(void)snprintf(text, sizeof(text),
		    "table \"%s\": this row has %zu cells, the header has "
		    "%zu; quote a cell that holds a %s",
		    t->name, n, t->n_columns,
		    c->separator == ',' ? "comma" : "semicolon");
		return report(r, at, text);
	}
	return add_row(r, cells, at);
}

static void parse_csv(struct reader *r, struct str text)
{
	static const char bom[] = "\xef\xbb\xbf"; /* spreadsheets add it */
	size_t skip = str_starts(text, str_of(bom)) ? 3 : 0;
	struct csv c = { .p = text.p + skip,
		.end = text.p + text.n,
		.line_start = text.p,
		.line = 1 };
	struct buf cell = { 0 };
	if (parse_header(r, &c))
		while (c.p < c.end && parse_row(r, &c, &cell))
			continue;
	buf_clear(&cell);
}

/* A plain JSON value as the text of a cell; NULL for lists and objects. */
static const char *cell_text(struct arena *a, const json_t *v)
{
	char number[40];
	switch (json_typeof(v)) {
	case JSON_STRING:
		return arena_strdup(a, str_of(json_string_value(v)));
	case JSON_INTEGER:
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(v)); /* fits */
		return arena_strdup(a, str_of(number));
	case JSON_REAL:
		(void)snprintf(number, sizeof(number), "%.10g",
		    json_number_value(v)); /* fits */
		return arena_strdup(a, str_of(number));
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
	case JSON_NULL:
		return "";
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return NULL;
}

static void json_columns(struct reader *r, json_t *first)
{
	const char *key;
	json_t *v;
	struct table *t = r->t;
	t->columns = arena_alloc(r->a, TABLE_COLUMNS * sizeof(char *));
	json_object_foreach (first, key, v)
		if (t->n_columns < TABLE_COLUMNS)
			t->columns[t->n_columns++] =
			    arena_strdup(r->a, str_of(key));
}

static bool json_row(struct reader *r, json_t *row, struct json_pos at)
{
	struct table *t = r->t;
	const char **cells = arena_alloc(r->a, t->n_columns * sizeof(char *));
	char text[200];
	for (size_t i = 0; i < t->n_columns; i++) {
		const json_t *v = json_object_get(row, t->columns[i]);
		cells[i] = v == NULL ? "" : cell_text(r->a, v);
		if (cells[i] != NULL)
			continue;
		(void)snprintf(text, sizeof(text),
		    "table \"%s\": \"%.60s\" is a list or an object; write a "
		    "text or a number",
		    t->name, t->columns[i]); /* cut is fine */
		return report(r, at, text);
	}
	const char *key;
	json_t *v;
	json_object_foreach (row, key, v)
		if (table_column(t, str_of(key)) < 0) {
			(void)snprintf(text, sizeof(text),
			    "table \"%s\": the first row has no \"%.60s\"; "
			    "give every row the same keys",
			    t->name, key); /* cut is fine */
			return report(r, at, text);
		}
	return add_row(r, cells, at);
}

static void parse_json(struct reader *r, struct str text)
{
	enum { DEPTH = 4 };
	struct json_pos at = { 1, 1 };
	struct err e = ERR_NONE;
	if (text.n > TABLE_JSON_BYTES) {
		(void)report(
		    r, at, "is larger than 8 MiB; save the table as CSV");
		return;
	}
	json_t *json = json_parse(text, DEPTH, &at, &e);
	if (json == NULL) {
		(void)report(r, at, e.text);
		return;
	}
	struct json_places *places = json_places_new(text, json);
	json_t *first = json_array_get(json, 0), *row;
	if (!json_is_object(first)) {
		(void)report(r, (struct json_pos){ 1, 1 },
		    "a table is a list of objects; write [{\"key\": ...}]");
	} else {
		json_columns(r, first);
		size_t i;
		bool go = check_columns(r, json_places_find(places, first));
		json_array_foreach (json, i, row)
			if (go)
				go = json_row(
				    r, row, json_places_find(places, row));
	}
	json_places_free(places);
	json_decref(json);
}

bool table_parse(struct table *t, struct arena *a, const struct text_file *file,
    const struct table_shape *shape, struct diags *d)
{
	struct reader r = { t, a, shape, d, 0 };
	t->path = arena_strdup(a, str_of(file->path));
	struct str tail = { file->path + strlen(file->path) - 5, 5 };
	if (str_is(tail, ".json"))
		parse_json(&r, file->text);
	else
		parse_csv(&r, file->text);
	return r.findings == 0;
}
