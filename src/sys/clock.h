#ifndef HG_SYS_CLOCK_H
#define HG_SYS_CLOCK_H

#include <stdint.h>

/* Milliseconds: of the Unix epoch, and of a clock that never jumps. */
int64_t clock_wall_ms(void);
int64_t clock_steady_ms(void);
/* Microseconds of processor time of this thread: a budget in it is not used up
 * by other programs on a busy machine. */
int64_t clock_cpu_us(void);

#endif
