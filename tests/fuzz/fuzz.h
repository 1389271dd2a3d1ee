#ifndef HG_TESTS_FUZZ_H
#define HG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer calls this with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; libFuzzer keeps the input when it does not.
 */
#define MUST(condition)                                                        \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "does not hold: %s\n", #condition);    \
			abort();                                               \
		}                                                              \
	} while (0)

/* The text of a file under $top_srcdir; ends the program when there is none. */
char *fuzz_read(const char *name, size_t *size);

#endif
