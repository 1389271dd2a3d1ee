#ifndef HG_SYS_SECRET_H
#define HG_SYS_SECRET_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Secrets from the system's random source; libsodium. */

enum { SECRET_HASH_BYTES = 32, SECRET_TEXT_BYTES = 44, ID_TEXT_BYTES = 33 };

/* Once, before anything else here. */
int secret_setup(struct err *e) HG_MUST_USE;
/* A 256-bit token as text (base64url, 43 characters and NUL). */
void secret_token(char out[SECRET_TEXT_BYTES]);
/* A 128-bit id as 32 hex digits and NUL. */
void secret_id(char out[ID_TEXT_BYTES]);
uint64_t secret_seed(void);
/* What is stored of a token: BLAKE2b-256. */
void secret_hash(struct str token, uint8_t out[SECRET_HASH_BYTES]);
/* In constant time. */
bool secret_same(
    const uint8_t a[SECRET_HASH_BYTES], const uint8_t b[SECRET_HASH_BYTES]);
/* The installation's secret at path: 64 hex digits, made when there is no such
 * file (mode 0600).  -1 when it cannot be read or made, or is something else.
 */
enum { SECRET_KEY_BYTES = 65, SECRET_SIGNATURE_BYTES = 65 };
int secret_file(const char *path, char key[SECRET_KEY_BYTES], struct err *e);
/* The HMAC-SHA256 (RFC 2104) of text under the key's digits, in hex. */
void secret_sign(
    const char *key, struct str text, char out[SECRET_SIGNATURE_BYTES]);
/* In a time that tells nothing but the lengths. */
bool secret_same_text(struct str a, struct str b);
/* Hash a password (argon2id, 19 MiB, 2 passes: OWASP's least), some 15 ms; -1
 * without memory.  Not on the loop. */
enum { SECRET_PASSWORD_BYTES = 128 };
int secret_password(struct str password, char out[SECRET_PASSWORD_BYTES]);
bool secret_password_fits(const char *hash, struct str password);
/* A hash that no password fits, and that takes as long to find out. */
extern const char *const SECRET_NO_PASSWORD;
/* Overwrite it, for good. */
void secret_wipe(void *p, size_t n);
const char *secret_version(void);

#endif
