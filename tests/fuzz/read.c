/* Reading the files that fuzz targets start from. */
#include "fuzz/fuzz.h"

char *fuzz_read(const char *name, size_t *size)
{
	char path[512];
	const char *top = getenv("top_srcdir");
	(void)snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".",
	    name); /* a path that is cut does not open */
	FILE *f = fopen(path, "re");
	char *text = malloc(4 * 1024 * 1024);
	if (f == NULL || text == NULL) {
		fprintf(stderr, "%s: cannot be read; set top_srcdir\n", path);
		exit(1);
	}
	*size = fread(text, 1, 4 * 1024 * 1024 - 1, f);
	text[*size] = '\0';
	(void)fclose(f); /* read only */
	return text;
}
