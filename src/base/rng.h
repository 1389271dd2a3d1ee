#ifndef HG_BASE_RNG_H
#define HG_BASE_RNG_H

#include <stdint.h>

/* A seeded random number generator for choices, not for secrets.
 * splitmix64 (Steele, Lea, Flood 2014). */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *r);
/* 0..n-1; n > 0. */
uint32_t rng_below(struct rng *r, uint32_t n);

#endif
