// No test in it: its exit status is the result.
require('node:assert').ok(true);
