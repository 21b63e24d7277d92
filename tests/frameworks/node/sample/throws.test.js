'use strict';
const test = require('node:test');

test('registered before it throws', () => {});
throw new TypeError('while loading');
