#ifndef HG_TESTS_UNIT_H
#define HG_TESTS_UNIT_H

/* What every unit test needs, in the order cmocka wants it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RUN(tests)                                                             \
	int main(void)                                                         \
	{                                                                      \
		return cmocka_run_group_tests(tests, NULL, NULL);              \
	}

#endif
