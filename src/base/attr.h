#ifndef HG_BASE_ATTR_H
#define HG_BASE_ATTR_H

/* The GNU attributes this code uses, under names of its own. */
#define HG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define HG_MUST_USE          __attribute__((warn_unused_result))
#define HG_NORETURN          __attribute__((noreturn))
#define HG_MALLOC            __attribute__((malloc, warn_unused_result))

#define HG_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
