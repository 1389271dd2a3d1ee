/* --version. */
#include "hangatd/versions.h"
#include "net/loop.h"
#include "rules/pattern.h"
#include "sys/secret.h"

#include <jansson.h>
#include <stdio.h>

void versions_print(void)
{
	char pcre2[64];
	pattern_version(pcre2, sizeof(pcre2));
	printf("hangatd (" PACKAGE_STRING ")\n");
	printf("libevent %s\n", loop_version());
	printf("pcre2 %s, JIT %s\n", pcre2,
	    pattern_jit_works() ? "works" : "does not work: limits are tight");
	printf("jansson %s\n", jansson_version_str());
	printf("sqlite %s\n", store_version());
	printf("wslay %s\n", loop_ws_version());
	printf("libsodium %s\n", secret_version());
}
