'use strict';

it('registered before it throws', () => {});
throw new TypeError('while loading');
