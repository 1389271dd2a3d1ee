/* Clocks. */
#include "sys/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
	struct timespec t;
	(void)clock_gettime(id, &t); /* these clocks always exist */
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_steady_ms(void)
{
	return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_cpu_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}
