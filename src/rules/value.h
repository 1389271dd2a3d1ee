#ifndef HG_RULES_VALUE_H
#define HG_RULES_VALUE_H

#include "base/str.h"

#include <stdint.h>

/* A slot's value in the one form that programs and tables compare. */

enum value_form {
	VALUE_AS_IS,
	VALUE_UPPER,
	VALUE_LOWER,
	VALUE_DIGITS,
	VALUE_PHONE,  /* "+6281234567890" */
	VALUE_DATE,   /* "2026-03-12" */
	VALUE_AMOUNT, /* whole currency units: "150000" */
	VALUE_COUNT,  /* how many, 1 to VALUE_MOST: "24" of "2 dozen" */
};
enum { VALUE_FORM_COUNT = VALUE_COUNT + 1, VALUE_MOST = 9999 };
/* The name a rule file calls it by, NULL for VALUE_AS_IS. */
const char *value_form_name(enum value_form form);
int value_form_from_name(const char *name); /* -1: no such form */

/* A word of the language and what it stands for. */
struct value_word {
	const char *word;
	int64_t number;
};
/* What a form needs to know of the language and the day. */
struct value_words {
	struct value_word *words; /* date: months, 1..12; amount: factors */
	size_t n_words;
	struct value_word *days; /* date: days from today, "besok" is 1 */
	size_t n_days;
	const char *country; /* phone: calling code, "62"; or NULL */
};

/* Write a value in its form.  original is what the customer wrote, normal the
 * same in normal form; today counts days from 1970-01-01.  A date without a
 * year or a month is the one nearest to today.  False, and out is to be
 * ignored, when it is no such value: "32 maret", a phone number of 4 digits. */
bool value_write(enum value_form form, const struct value_words *w,
    struct str original, struct str normal, int64_t today, char *out,
    size_t size);

/* The first amount in a text as hundredths of its unit, "Rp79.000" as 7900000;
 * -1 when there is none.  Three digits behind a separator are thousands, one or
 * two a fraction. */
int64_t value_hundredths(struct str s);
/* The whole number from 1 to VALUE_MOST in a text, or 0 when it has none. */
int value_count(struct str s);
/* Write an amount the way model writes one: with what stands before and behind
 * its number, its separators and as many decimals.  False when model has no
 * number or two, hundredths is negative or has decimals that model has not, or
 * out is too small. */
bool value_write_like(
    struct str model, int64_t hundredths, char *out, size_t size);

#endif
