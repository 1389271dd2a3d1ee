#ifndef HG_NET_WEB_H
#define HG_NET_WEB_H

#include "base/asset.h"

/* What the HTTP side is told at start; borrowed for the life of the loop. */
struct web_config {
	const struct asset *assets;
	size_t n_assets;
	/* Origins of pages that may talk to us, "https://shop.example"; "*"
	 * any. Pages of our own address always may. */
	const char *const *origins;
	size_t n_origins;
	/* Addresses of proxies whose X-Forwarded-For is believed. */
	const char *const *proxies;
	size_t n_proxies;
};

#endif
