#ifndef HG_SYS_CLOCK_H
#define HG_SYS_CLOCK_H

#include <stdint.h>

/* Milliseconds: of the Unix epoch, and of a clock that never jumps. */
int64_t clock_wall_ms(void);
int64_t clock_steady_ms(void);
/* The steady clock in microseconds, for budgets. */
int64_t clock_steady_us(void);

#endif
