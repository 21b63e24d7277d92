'use strict';
const test = require('node:test');

test('passes', () => {});
test('ends the process', () => process.exit(7));
test('never begins', () => {});
