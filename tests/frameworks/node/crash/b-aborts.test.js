'use strict';
const test = require('node:test');

test('passes', () => {});
test('aborts', () => process.abort());
test('never begins', () => {});
