#!/bin/sh
# The desk in a browser; needs node, Chromium and the modules that contrib/quickstart installs.
NODE_PATH=${web_modules:-$top_builddir/../web/node_modules}
export NODE_PATH
exec node --test-reporter=tap "$top_srcdir/tests/web/desk.test.js"
