import test from 'node:test';
test('an ES module', () => {});
