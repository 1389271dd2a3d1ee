/* Tokens, ids and their hashes. */
#include "sys/secret.h"
#include "base/mem.h"
#include "sys/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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

static int make_secret(const char *path, struct err *e)
{
	uint8_t raw[32];
	char text[SECRET_KEY_BYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, "%s: %s; the state directory must be ours",
		    path, strerror(errno));
	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(text, sizeof(text), raw, sizeof(raw));
	text[SECRET_KEY_BYTES - 1] = '\n'; /* for who looks at it */
	bool whole = write(fd, text, sizeof(text)) == (ssize_t)sizeof(text) &&
		     fsync(fd) == 0;
	close(fd);
	if (whole)
		return 0;
	(void)unlink(path); /* half a secret is none */
	return err_set(e, "%s: cannot be written: %s; is the disk full?", path,
	    strerror(errno));
}

int secret_file(const char *path, char key[SECRET_KEY_BYTES], struct err *e)
{
	enum { MOST_BYTES = 128 };
	struct buf text = { 0 };
	if (access(path, F_OK) != 0 && make_secret(path, e) != 0)
		return -1;
	if (file_read(path, MOST_BYTES, &text, e) != 0) {
		buf_clear(&text);
		return -1;
	}
	struct str s = str_trim(buf_str(&text));
	bool good = s.n == SECRET_KEY_BYTES - 1;
	for (size_t i = 0; good && i < s.n; i++)
		good = strchr("0123456789abcdef", s.p[i]) != NULL;
	if (good)
		field_set(key, SECRET_KEY_BYTES, s.p, s.n);
	else
		err_set(e,
		    "%s: not 64 hex digits; remove the file for a new secret, "
		    "and give that to the shop's server",
		    path);
	buf_clear(&text);
	return good ? 0 : -1;
}

void secret_sign(
    const char *key, struct str text, char out[SECRET_SIGNATURE_BYTES])
{
	crypto_auth_hmacsha256_state state;
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_init(
	    &state, (const unsigned char *)key, strlen(key));
	crypto_auth_hmacsha256_update(
	    &state, (const unsigned char *)text.p, text.n);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2hex(out, SECRET_SIGNATURE_BYTES, mac, sizeof(mac));
}

/* of 32 random bytes that nobody knows */
const char *const SECRET_NO_PASSWORD =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

int secret_password(struct str password, char out[SECRET_PASSWORD_BYTES])
{
	enum { PASSES = 2, MEMORY = 19 * 1024 * 1024 };
	return crypto_pwhash_str(out, password.p, password.n, PASSES, MEMORY);
}

bool secret_password_fits(const char *hash, struct str password)
{
	return crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
}

void secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool secret_same_text(struct str a, struct str b)
{
	return a.n == b.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}

const char *secret_version(void)
{
	return sodium_version_string();
}
