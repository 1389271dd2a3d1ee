/* Agents' passwords and sessions.  A password is hashed on the worker thread
 * (argon2id).  A session is a cookie that the installation's secret has signed,
 * over the name, the end and the password's hash: it outlives the daemon, and
 * ends with a new password or when the agent is disabled. */
#include "base/mem.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	SESSION_MS = 12 * 3600 * 1000,
	LEAST_PASSWORD = 10,
	MOST_WAITING = 4, /* sign-ins that are being checked */
	MOST_WRONG = 5,   /* in a row, for a name */
	REST_MS = 60 * 1000,
};

/* A password on its way through the worker. */
struct hashing {
	struct job job; /* first */
	struct peer *peer;
	bool sets; /* a new one; else it is compared with hash */
	char name[LIMIT_NAME_BYTES];
	char hash[SECRET_PASSWORD_BYTES];
	char password[LIMIT_PASSWORD_BYTES + 1];
	bool good;
	char re[LIMIT_ID_BYTES + 1];
};

static void hashing_run(struct job *job, void *arg)
{
	struct hashing *x = (struct hashing *)job;
	struct str password = str_of(x->password);
	(void)arg; /* the worker has none */
	x->good = x->sets ? secret_password(password, x->hash) == 0
			  : secret_password_fits(x->hash, password);
}

static void hashing_free(struct hashing *x)
{
	secret_wipe(x->password, sizeof(x->password));
	free(x);
}

/* What is signed: everything that must stay as it is. */
static void sign_session(const struct hub *h, const struct store_account *a,
    int64_t until_ms, char mac[SECRET_SIGNATURE_BYTES])
{
	struct buf text = { 0 };
	buf_addf(&text, "session\n%s\n%lld\n%s", a->who.name,
	    (long long)until_ms, a->password);
	secret_sign(h->config.customer_key, buf_str(&text), mac);
	buf_clear(&text);
}

/* "HEX OF NAME.END.SIGNATURE" */
static void make_session(
    const struct hub *h, const struct store_account *a, struct buf *out)
{
	char mac[SECRET_SIGNATURE_BYTES];
	int64_t until_ms = clock_wall_ms() + SESSION_MS;
	sign_session(h, a, until_ms, mac);
	for (const char *p = a->who.name; *p != '\0'; p++)
		buf_addf(out, "%02x", (unsigned char)*p);
	buf_addf(out, ".%lld.%s", (long long)until_ms, mac);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* The account a session names, checked or not. */
static struct store_account *named_by(struct hub *h, struct str hex)
{
	char name[LIMIT_NAME_BYTES];
	size_t n = hex.n / 2;
	if (hex.n % 2 != 0 || n == 0 || n >= sizeof(name))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex.p[2 * i]);
		int low = hex_digit(hex.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return NULL;
		name[i] = (char)(high * 16 + low);
	}
	return people_find(h, (struct str){ name, n });
}

static const struct store_account *session_account(
    struct hub *h, struct str session)
{
	enum { MOST_DIGITS = 15 };
	struct str rest = session, hex, end;
	char mac[SECRET_SIGNATURE_BYTES], digits[MOST_DIGITS + 1];
	if (!str_next(&rest, '.', &hex) || rest.p == NULL ||
	    !str_next(&rest, '.', &end) || rest.p == NULL || end.n == 0 ||
	    end.n > MOST_DIGITS)
		return NULL;
	const struct store_account *a = named_by(h, hex);
	if (a == NULL || a->disabled || a->kind != ACCOUNT_AGENT ||
	    a->password[0] == '\0')
		return NULL;
	FIELD_SET(digits, end.p, end.n);
	int64_t until_ms = strtoll(digits, NULL, 10);
	sign_session(h, a, until_ms, mac);
	return secret_same_text(rest, str_of(mac)) && until_ms > clock_wall_ms()
		   ? a
		   : NULL;
}

void hub_csrf(
    const struct hub *h, struct str session, char out[SECRET_SIGNATURE_BYTES])
{
	struct buf text = { 0 };
	buf_addf(&text, "csrf\n%.*s", STR_ARG(session));
	secret_sign(h->config.customer_key, buf_str(&text), out);
	buf_clear(&text);
}

const char *hub_session(struct hub *h, struct str session)
{
	const struct store_account *a = session_account(h, session);
	return a != NULL ? a->who.name : NULL;
}

void hub_vouch(struct peer *p, struct str session)
{
	const struct store_account *a = session_account(p->hub, session);
	if (a != NULL)
		FIELD_SET(p->vouched, a->who.name, strlen(a->who.name));
}

/* Names that were tried with wrong passwords; a few at a time. */
static struct wrong *find_wrong(struct hub *h, struct str name, bool make)
{
	uint64_t hash = hash_bytes(h->convs.seed, name.p, name.n);
	struct wrong *oldest = &h->wrong[0];
	for (size_t i = 0; i < HG_COUNT(h->wrong); i++) {
		struct wrong *w = &h->wrong[i];
		if (w->name == hash && w->times > 0)
			return w;
		if (w->at_ms < oldest->at_ms)
			oldest = w;
	}
	if (!make)
		return NULL;
	*oldest = (struct wrong){ .name = hash };
	return oldest;
}

static bool must_rest(struct hub *h, struct str name)
{
	const struct wrong *w = find_wrong(h, name, false);
	return w != NULL && w->times >= MOST_WRONG &&
	       clock_steady_ms() - w->at_ms < REST_MS;
}

static void note_sign_in(struct hub *h, struct str name, bool good)
{
	struct wrong *w = find_wrong(h, name, !good);
	if (w == NULL)
		return;
	if (good || clock_steady_ms() - w->at_ms > REST_MS)
		w->times = 0;
	w->times += good ? 0 : 1;
	w->at_ms = clock_steady_ms();
}

static void sign_in_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct hashing *x = (struct hashing *)job;
	struct peer *p = x->peer;
	const struct store_account *a = people_find(h, str_of(x->name));
	/* the account may have changed meanwhile */
	bool good = x->good && a != NULL && !a->disabled &&
		    strcmp(a->password, x->hash) == 0;
	h->signing--;
	note_sign_in(h, str_of(x->name), good);
	log_line(good ? LOG_INFO : LOG_WARN, "hub", "agent=\"%s\" sign-in %s",
	    x->name, good ? "by password" : "refused");
	if (good)
		audit_line(h, x->name, "password", 0, "signed in");
	if (!p->gone && good) {
		struct buf session = { 0 }, json = { 0 };
		char csrf[SECRET_SIGNATURE_BYTES];
		make_session(h, a, &session);
		hub_csrf(h, buf_str(&session), csrf);
		struct json_out o = { &json, false };
		json_out_object(&o, NULL);
		json_out_text(&o, "name", a->who.name);
		json_out_text(&o, "csrf", csrf);
		json_out_close(&o, '}');
		peer_send(p, &(struct event){ .type = EVENT_RESULT,
				 .re = str_of(x->re),
				 .resume = session.p,
				 .json = buf_str(&json) });
		buf_clear(&session);
		buf_clear(&json);
	} else if (!p->gone) {
		memcpy(p->tried, x->name, sizeof(p->tried));
		hub_refuse(p, str_of(x->re), ERROR_BAD_TOKEN,
		    "name and password do not fit; hangatctl agents passwd "
		    "NAME sets a new one");
	}
	hashing_free(x);
	peer_release(p);
}

static struct hashing *hashing_new(struct peer *p, const struct request *r,
    void (*done)(struct job *job, void *owner))
{
	struct hashing *x = xcalloc(1, sizeof(*x));
	x->job.run = hashing_run;
	x->job.done = done;
	x->peer = p;
	FIELD_SET(x->name, r->name.p, r->name.n);
	FIELD_SET(x->password, r->text.p, r->text.n);
	FIELD_SET(x->re, r->id.p != NULL ? r->id.p : "", r->id.n);
	return x;
}

static void submit(struct peer *p, struct hashing *x)
{
	struct hub *h = p->hub;
	peer_hold(p);
	if (worker_submit(h->worker, &x->job))
		return;
	peer_unhold(p);
	h->signing -= x->sets ? 0 : 1;
	hub_refuse(p, str_of(x->re), ERROR_BUSY,
	    "too much is going on; try again in a moment");
	hashing_free(x);
}

void session_sign_in(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	if (r->name.p == NULL || r->text.p == NULL ||
	    r->text.n > LIMIT_PASSWORD_BYTES) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"name\" and \"text\", the password, are needed");
		return;
	}
	if (must_rest(h, r->name) || h->signing >= MOST_WAITING) {
		FIELD_SET(p->tried, r->name.p, r->name.n);
		hub_refuse(p, r->id, ERROR_RATE_LIMITED,
		    "too many wrong passwords, or too many at once; wait a "
		    "minute");
		return;
	}
	const struct store_account *a = people_find(h, r->name);
	struct hashing *x = hashing_new(p, r, sign_in_done);
	/* nobody by that name takes as long as a wrong password */
	const char *hash =
	    a != NULL && a->kind == ACCOUNT_AGENT && a->password[0] != '\0'
		? a->password
		: SECRET_NO_PASSWORD;
	FIELD_SET(x->hash, hash, strlen(hash));
	h->signing++;
	submit(p, x);
}

static void set_done(struct job *job, void *owner)
{
	struct hashing *x = (struct hashing *)job;
	struct peer *p = x->peer;
	(void)owner; /* the peer knows its hub */
	if (x->good)
		people_set_password(p, str_of(x->re), str_of(x->name), x->hash);
	else if (!p->gone)
		hub_refuse(p, str_of(x->re), ERROR_BUSY,
		    "the password could not be hashed: no memory");
	hashing_free(x);
	peer_release(p);
}

void session_set_password(struct peer *p, const struct request *r)
{
	if (r->text.p == NULL || r->text.n < LEAST_PASSWORD ||
	    r->text.n > LIMIT_PASSWORD_BYTES) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "a password has %d to %d bytes", LEAST_PASSWORD,
		    LIMIT_PASSWORD_BYTES);
		return;
	}
	struct hashing *x = hashing_new(p, r, set_done);
	x->sets = true;
	submit(p, x);
}
