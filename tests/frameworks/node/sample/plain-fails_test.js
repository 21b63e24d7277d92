require('node:assert').ok(false, 'without a test');
