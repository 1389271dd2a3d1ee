/* The answer to a WebSocket key: base64 of the SHA-1 of the key and a fixed
 * text.  No library that the daemon has offers SHA-1, and nothing here rests on
 * its strength: it shows that the server has read the request. */
#include "base/attr.h"
#include "wire/http.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char fixed[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

enum { BLOCK = 64, DIGEST = 20, INPUT = WS_KEY_BYTES + sizeof(fixed) - 1 };

static uint32_t turn(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* One block into the state (FIPS 180-4, 6.1.2). */
static void take_block(uint32_t state[5], const uint8_t block[BLOCK])
{
	uint32_t w[80], v[5];
	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 |
		       (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 80; i++)
		w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	memcpy(v, state, sizeof(v));
	for (size_t i = 0; i < 80; i++) {
		static const uint32_t add[4] = { 0x5a827999, 0x6ed9eba1,
			0x8f1bbcdc, 0xca62c1d6 };
		uint32_t choice = (v[1] & v[2]) | (~v[1] & v[3]);
		uint32_t parity = v[1] ^ v[2] ^ v[3];
		uint32_t most = (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]);
		uint32_t mix = i < 20              ? choice
			       : i >= 40 && i < 60 ? most
						   : parity;
		uint32_t next = turn(v[0], 5) + mix + v[4] + add[i / 20] + w[i];
		v[4] = v[3];
		v[3] = v[2];
		v[2] = turn(v[1], 30);
		v[1] = v[0];
		v[0] = next;
	}
	for (size_t i = 0; i < 5; i++)
		state[i] += v[i];
}

void ws_accept(struct str key, char out[WS_ACCEPT_BYTES])
{
	/* 60 bytes of input, a 1 bit, and the length in bits: two blocks */
	uint8_t text[2 * BLOCK] = { 0 }, digest[DIGEST + 1] = { 0 };
	uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
		0xc3d2e1f0 };
	memcpy(text, key.p, WS_KEY_BYTES);
	memcpy(text + WS_KEY_BYTES, fixed, sizeof(fixed) - 1);
	text[INPUT] = 0x80;
	text[2 * BLOCK - 2] = (uint8_t)(INPUT * 8 >> 8);
	text[2 * BLOCK - 1] = (uint8_t)(INPUT * 8 & 0xff);
	take_block(state, text);
	take_block(state, text + BLOCK);
	for (size_t i = 0; i < DIGEST; i++)
		digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
	for (size_t i = 0, o = 0; i <= DIGEST; i += 3, o += 4) {
		uint32_t three = (uint32_t)digest[i] << 16 |
				 (uint32_t)(i + 1 <= DIGEST ? digest[i + 1] : 0)
				     << 8 |
				 (i + 2 <= DIGEST ? digest[i + 2] : 0);
		for (size_t k = 0; k < 4; k++)
			out[o + k] = letters[three >> (18 - 6 * k) & 63];
	}
	out[WS_ACCEPT_BYTES - 2] = '='; /* 20 bytes leave one over */
	out[WS_ACCEPT_BYTES - 1] = '\0';
}

bool ws_key_is_good(struct str key)
{
	/* 16 bytes: 22 letters, the last with four bits unused, and "==" */
	if (key.n != WS_KEY_BYTES || key.p[22] != '=' || key.p[23] != '=')
		return false;
	for (size_t i = 0; i < 22; i++)
		if (key.p[i] == '\0' || strchr(letters, key.p[i]) == NULL)
			return false;
	return strchr("AQgw", key.p[21]) != NULL;
}
