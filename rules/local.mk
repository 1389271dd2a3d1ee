# The shipped packs, installed as they are.
rule_files = rules/common/emoji.json rules/en/account.json rules/en/after.json \
	rules/en/calibration.json rules/en/classifier.json rules/en/canned.json rules/en/concepts.json rules/en/crisis.json rules/en/delivery.json rules/en/detector.json \
	rules/en/faulty.json rules/en/moods.json rules/en/orders.json rules/en/pack.json \
	rules/en/paying.json rules/en/products.json rules/en/refunds.json rules/en/shop.json \
	rules/en/social.json rules/en/talk.json rules/en/tracking.json rules/en/trust.json \
	rules/en/words.json rules/id/account.json rules/id/after.json rules/id/calibration.json rules/id/classifier.json rules/id/canned.json \
	rules/id/complaint.json rules/id/concepts.json rules/id/crisis.json rules/id/delivery.json rules/id/detector.json \
	rules/id/moods.json rules/id/orders.json rules/id/pack.json rules/id/paying.json \
	rules/id/prices.json rules/id/products.json rules/id/refunds.json rules/id/shop.json \
	rules/id/social.json rules/id/talk.json rules/id/trust.json rules/id/words.json \
	rules/rules.schema.json rules/shop.json rules/tables.json \
	rules/tables/countries.csv rules/tables/greetings.csv rules/tables/payments.csv rules/tables/products.csv rules/tables/scams.csv rules/tables/shipping.csv rules/tables/troubles.csv rules/tables/vouchers.csv
rulesdir = $(pkgdatadir)
nobase_dist_rules_DATA = $(rule_files)

# What their classifiers were taught with.
EXTRA_DIST += corpus/README.md corpus/en corpus/id
