#ifndef HG_JSON_PLACES_H
#define HG_JSON_PLACES_H

#include "json/parse.h"

struct json_places;

/* Where each text, number, object and list of a document stands, found in one
 * walk.  json is what json_parse made of text and stays as it was parsed. */
struct json_places *json_places_new(struct str text, json_t *json);
/* The place of a value of that document (not of true, false or null, which
 * jansson shares); 1:1 for a value that is not in it. */
struct json_pos json_places_find(
    const struct json_places *p, const json_t *value);
void json_places_free(struct json_places *p);

#endif
