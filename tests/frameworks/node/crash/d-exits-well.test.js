'use strict';
const test = require('node:test');

test('ends the process as if all were well', () => process.exit(0));
test('never begins', () => {});
