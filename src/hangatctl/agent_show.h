#ifndef HG_HANGATCTL_AGENT_SHOW_H
#define HG_HANGATCTL_AGENT_SHOW_H

#include <jansson.h>

/* Lines of the terminal desk.  JSON is what the daemon sent; nothing of it is
 * trusted. */

/* head, which is ours, then text, which is not. */
void show(const char *head, const char *text);
void show_help(void);
void show_ticket(const json_t *t);
void show_message(const char *head, const json_t *m);
void show_card(const json_t *card);
/* Who is here, what they hold, and what they look at. */
void show_presence(const json_t *agents);
void show_ended(const json_t *list);
void show_stats(const json_t *all);

#endif
