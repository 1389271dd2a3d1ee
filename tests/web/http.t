#!/bin/sh
# Our HTTP heads against node.s parser; needs node and the modules that contrib/quickstart installs.
NODE_PATH=${web_modules:-$top_builddir/../web/node_modules}
export NODE_PATH
exec node --test-reporter=tap "$top_srcdir/tests/web/http.test.js"
