/* What the C library keeps of freed memory. */
#include "sys/memory.h"

#include <stdlib.h> /* says whose library it is */
#ifdef __GLIBC__
#include <malloc.h>
#endif

void memory_give_back(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0); /* says whether there was something to give */
#endif
}
