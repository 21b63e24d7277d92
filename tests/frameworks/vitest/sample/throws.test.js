'use strict';

test('registered before it throws', () => {});
throw new TypeError('while loading');
