# The shipped packs, installed as they are.
rule_files = rules/common/emoji.json \
	rules/en/moods.json rules/en/orders.json rules/en/pack.json rules/en/products.json \
	rules/en/social.json rules/en/trust.json rules/en/words.json \
	rules/id/moods.json rules/id/orders.json rules/id/pack.json rules/id/products.json \
	rules/id/social.json rules/id/trust.json rules/id/words.json \
	rules/rules.schema.json
rulesdir = $(pkgdatadir)
nobase_dist_rules_DATA = $(rule_files)
