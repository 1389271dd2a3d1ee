/* Heads on standard input, each with its length in a line before it; for each a
 * line: refused, or method, target and length of the body. */
#include "wire/http.h"

#include <stdio.h>

int main(void)
{
	static char head[HTTP_HEAD_BYTES];
	size_t n;
	while (scanf("%zu", &n) == 1 && getchar() == '\n' &&
	       n <= sizeof(head) && fread(head, 1, n, stdin) == n) {
		struct http_request r;
		long end = http_gate((struct str){ head, n }, 0);
		bool good = end == (long)n &&
			    http_parse(&r, (struct str){ head, n }) == 0;
		if (good)
			printf("%d %.*s%s%.*s %zu %d\n", (int)r.method,
			    STR_ARG(r.path), r.query.p != NULL ? "?" : "",
			    STR_ARG(r.query), r.content_length, r.keep_alive);
		else
			puts("refused");
	}
	return 0;
}
