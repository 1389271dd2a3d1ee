#ifndef HG_SYS_MEMORY_H
#define HG_SYS_MEMORY_H

/* Give memory that was freed back to the system, after work that took much for
 * a moment, such as compiling rules: glibc keeps it otherwise, 60 MB of it with
 * the shipped packs.  Takes some ms; any thread may call it. */
void memory_give_back(void);

#endif
