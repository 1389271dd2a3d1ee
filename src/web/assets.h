#ifndef HG_WEB_ASSETS_H
#define HG_WEB_ASSETS_H

#include "base/asset.h"

/* The widget, the pages and the descriptions; files.c is made from the files in
 * this folder when hangat is built. */
extern const struct asset web_assets[];
extern const size_t web_n_assets;

#endif
