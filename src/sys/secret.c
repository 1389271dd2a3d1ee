/* Tokens, ids and their hashes. */
#include "sys/secret.h"

#include <sodium.h>

int secret_setup(struct err *e)
{
	if (sodium_init() < 0)
		return err_set(e, "libsodium does not start: no random "
				  "source; check /dev/urandom");
	return 0;
}

void secret_token(char out[SECRET_TEXT_BYTES])
{
	uint8_t raw[32];
	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(out, SECRET_TEXT_BYTES, raw, sizeof(raw),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void secret_id(char out[ID_TEXT_BYTES])
{
	uint8_t raw[16];
	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(out, ID_TEXT_BYTES, raw, sizeof(raw));
}

uint64_t secret_seed(void)
{
	uint64_t seed;
	randombytes_buf(&seed, sizeof(seed));
	return seed;
}

void secret_hash(struct str token, uint8_t out[SECRET_HASH_BYTES])
{
	(void)crypto_generichash(out, SECRET_HASH_BYTES,
	    (const unsigned char *)token.p, token.n, NULL,
	    0); /* fails only for lengths out of range */
}

bool secret_same(
    const uint8_t a[SECRET_HASH_BYTES], const uint8_t b[SECRET_HASH_BYTES])
{
	return sodium_memcmp(a, b, SECRET_HASH_BYTES) == 0;
}

const char *secret_version(void)
{
	return sodium_version_string();
}
