/* Accounts: agents, gateways, operators.  Few, so a list will do. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdlib.h>

struct store_account *people_find(struct hub *h, struct str name)
{
	for (size_t i = 0; i < h->n_accounts; i++)
		if (str_is(name, h->accounts[i].who.name))
			return &h->accounts[i];
	return NULL;
}

const char *account_kind_name(enum account_kind k)
{
	static const char *const names[] = {
		[ACCOUNT_AGENT] = "agent",
		[ACCOUNT_GATEWAY] = "gateway",
		[ACCOUNT_OPERATOR] = "operator",
	};
	return names[k];
}

struct store_account *people_by_token(
    struct hub *h, enum account_kind kind, struct str token)
{
	uint8_t hash[SECRET_HASH_BYTES];
	secret_hash(token, hash);
	for (size_t i = 0; i < h->n_accounts; i++)
		if (h->accounts[i].kind == kind && !h->accounts[i].disabled &&
		    secret_same(h->accounts[i].token_hash, hash))
			return &h->accounts[i];
	return NULL;
}

/* A change on its way to the disk; the memory follows when it is there. */
struct changing {
	struct store_put_account put; /* first */
	struct peer *peer;
	char re[LIMIT_ID_BYTES + 1];
	char token[SECRET_TEXT_BYTES]; /* to be shown once, or "" */
};

/* May what was opened with the old account go on under the new one? */
static bool still_counts(
    const struct store_account *old, const struct store_account *a)
{
	return !a->disabled && strcmp(old->password, a->password) == 0 &&
	       secret_same(old->token_hash, a->token_hash) &&
	       old->who.supervisor == a->who.supervisor;
}

static void keep(struct hub *h, const struct store_account *a)
{
	struct store_account *old = people_find(h, str_of(a->who.name));
	bool counts = old != NULL && still_counts(old, a);
	if (old == NULL) {
		VEC_ROOM(h->accounts, h->n_accounts, h->cap_accounts);
		old = &h->accounts[h->n_accounts++];
	}
	*old = *a;
	desk_update(h->desk, &a->who);
	h->presence_stale = true;
	/* a token that no longer counts ends what was opened with it */
	for (struct peer *p = h->peers; p != NULL && !counts; p = p->next)
		if (((p->role == PEER_AGENT || p->role == PEER_GATEWAY) &&
			strcmp(p->agent, a->who.name) == 0) ||
		    strcmp(p->vouched, a->who.name) == 0)
			p->ops->close(p->conn);
}

static void change_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct changing *x = (struct changing *)job;
	struct peer *p = x->peer;
	h->account_changes = false;
	if (!job->failed)
		keep(h, &x->put.account);
	if (!p->gone && job->failed) {
		hub_refuse(
		    p, str_of(x->re), ERROR_STORAGE, "%s", job->err.text);
	} else if (!p->gone) {
		struct buf json = { 0 };
		struct json_out o = { &json, false };
		json_out_object(&o, NULL);
		json_out_text(&o, "name", x->put.account.who.name);
		if (x->token[0] != '\0')
			json_out_text(&o, "token", x->token);
		json_out_bool(&o, "disabled", x->put.account.disabled);
		json_out_close(&o, '}');
		peer_send(p, &(struct event){ .type = EVENT_RESULT,
				 .re = str_of(x->re),
				 .json = buf_str(&json) });
		buf_clear(&json);
	}
	free(x);
	peer_release(p);
}

static void change(struct peer *p, struct str re,
    const struct store_account *agent, const char *what, bool new_token)
{
	struct hub *h = p->hub;
	if (h->account_changes) { /* it copies the whole account */
		hub_refuse(p, re, ERROR_BUSY,
		    "another account is being changed; try again in a moment");
		return;
	}
	struct changing *x = xcalloc(1, sizeof(*x));
	store_put_account_init(&x->put);
	x->put.job.done = change_done;
	x->put.account = *agent;
	x->put.at_ms = clock_wall_ms();
	x->put.audit.what = what;
	FIELD_SET(x->put.audit.who, "operator", 8);
	FIELD_SET(
	    x->put.audit.detail, agent->who.name, strlen(agent->who.name));
	x->peer = p;
	FIELD_SET(x->re, re.p != NULL ? re.p : "", re.n);
	if (new_token) {
		secret_token(x->token);
		secret_hash(str_of(x->token), x->put.account.token_hash);
		x->put.account.disabled = false;
	}
	peer_hold(p);
	h->account_changes = true;
	if (store_submit(h->store, &x->put.job))
		return;
	h->account_changes = false;
	peer_unhold(p);
	free(x);
	(void)hub_refuse_busy(p, re); /* it is */
}

static void list(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	struct buf json = { 0 };
	struct json_out o = { &json, false };
	json_out_array(&o, NULL);
	for (size_t i = 0; i < h->n_accounts; i++) {
		const struct store_account *a = &h->accounts[i];
		json_out_object(&o, NULL);
		json_out_text(&o, "name", a->who.name);
		json_out_text(&o, "role",
		    a->who.supervisor ? "supervisor"
				      : account_kind_name(a->kind));
		json_out_bool(&o, "disabled", a->disabled);
		json_out_bool(
		    &o, "signed_in", desk_is_here(h->desk, a->who.name));
		if (a->kind == ACCOUNT_AGENT) {
			json_out_bool(&o, "password", a->password[0] != '\0');
			json_out_int(&o, "capacity", a->who.capacity);
			json_out_text(&o, "langs", a->who.langs);
			json_out_text(&o, "topics", a->who.topics);
		}
		json_out_int(&o, "created_ms", a->created_ms);
		json_out_close(&o, '}');
	}
	json_out_close(&o, ']');
	peer_send(
	    p, &(struct event){
		   .type = EVENT_RESULT, .re = r->id, .json = buf_str(&json) });
	buf_clear(&json);
}

static bool name_is_good(struct str name)
{
	struct buf clean = { 0 };
	utf8_add_clean(&clean, name);
	bool same = name.n > 0 && str_eq(buf_str(&clean), name) &&
		    str_eq(str_trim(name), name);
	buf_clear(&clean);
	return same;
}

/* "id, en" as "id en"; false when it holds something else than such words. */
static bool read_skills(struct str s, char out[SKILLS_BYTES])
{
	size_t n = 0;
	for (size_t i = 0; i < s.n && n + 1 < SKILLS_BYTES; i++) {
		char c = s.p[i];
		bool word = (c >= 'a' && c <= 'z') || c == '_' ||
			    (c >= '0' && c <= '9');
		if (!word && c != ' ' && c != ',')
			return false;
		if (word)
			out[n++] = c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return true;
}

/* What the request says of the agent; false (and refused) when it is wrong. */
static bool read_profile(
    struct peer *p, const struct request *r, struct agent_profile *who)
{
	enum { MOST = 1000 };
	if ((r->langs.p != NULL && !read_skills(r->langs, who->langs)) ||
	    (r->topics.p != NULL && !read_skills(r->topics, who->topics))) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "languages and topics are words of small letters with "
		    "commas or spaces between, such as \"id,en\"");
		return false;
	}
	if (r->capacity > MOST) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"capacity\" is a number of tickets up to %d; 0 is any "
		    "number",
		    MOST);
		return false;
	}
	if (r->capacity >= 0)
		who->capacity = (int)r->capacity;
	if (r->role.p != NULL)
		who->supervisor = str_is(r->role, "supervisor");
	return true;
}

/* No role: an agent; a supervisor is one with more rights. */
static bool kind_from(struct str role, enum account_kind *kind)
{
	static const enum account_kind kinds[] = { ACCOUNT_AGENT,
		ACCOUNT_GATEWAY, ACCOUNT_OPERATOR };
	*kind = ACCOUNT_AGENT;
	if (role.p == NULL || str_is(role, "supervisor"))
		return true;
	for (size_t i = 0; i < HG_COUNT(kinds); i++)
		if (str_is(role, account_kind_name(kinds[i]))) {
			*kind = kinds[i];
			return true;
		}
	return false;
}

void people_request(struct peer *p, const struct request *r)
{
	if (r->type == REQUEST_AGENT_LIST) {
		list(p, r);
		return;
	}
	struct str name = r->name.p != NULL ? r->name : ((struct str){ "", 0 });
	enum account_kind kind;
	const struct store_account *old = people_find(p->hub, name);
	if (!name_is_good(name)) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "an agent or token needs a name without control "
		    "characters");
	} else if (!kind_from(r->role, &kind)) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"role\" is \"agent\", \"supervisor\", \"gateway\" or "
		    "\"operator\"");
	} else if (r->type == REQUEST_AGENT_ADD && old != NULL) {
		hub_refuse(p, r->id, ERROR_CONFLICT,
		    "there is an %s \"%.*s\" already; ask for a new token, or "
		    "choose another name",
		    account_kind_name(old->kind), STR_ARG(name));
	} else if (r->type == REQUEST_AGENT_ADD) {
		struct store_account a = { .created_ms = clock_wall_ms(),
			.kind = kind };
		FIELD_SET(a.who.name, name.p, name.n);
		if (read_profile(p, r, &a.who))
			change(p, r->id, &a, "agent_add", true);
	} else if (old == NULL || old->kind != kind) {
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "there is no %s \"%.*s\"; \"list\" shows them",
		    account_kind_name(kind), STR_ARG(name));
	} else if (r->type == REQUEST_AGENT_PASSWD) {
		session_set_password(p, r);
	} else if (r->type == REQUEST_AGENT_SET) {
		struct store_account a = *old;
		if (read_profile(p, r, &a.who))
			change(p, r->id, &a, "agent_set", false);
	} else {
		struct store_account a = *old;
		a.disabled = r->type == REQUEST_AGENT_DISABLE;
		change(p, r->id, &a,
		    a.disabled ? "agent_disable" : "agent_token",
		    r->type == REQUEST_AGENT_TOKEN);
	}
}

void people_set_password(
    struct peer *p, struct str re, struct str name, const char *hash)
{
	const struct store_account *old = people_find(p->hub, name);
	if (old == NULL || p->gone)
		return;
	struct store_account a = *old;
	FIELD_SET(a.password, hash, strlen(hash));
	a.disabled = false;
	change(p, re, &a, "agent_passwd", false);
}
