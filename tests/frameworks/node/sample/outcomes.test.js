'use strict';
const test = require('node:test');
const { describe, it } = test;
const assert = require('node:assert');

test('passes', () => {});
test('fails', () => assert.strictEqual(1, 2));
test('is skipped', { skip: true }, () => assert.fail());
test('is skipped inside', (t) => t.skip('not today'));
test('is to do', { todo: true }, () => assert.fail());
test('throws', () => {
  throw new TypeError('thrown');
});

for (const n of [1, 2, 2]) test(`parameter ${n}`, () => assert.ok(n > 0));

describe('outer', () => {
  describe('inner', () => {
    it('passes', () => {});
    it('waits', () => new Promise((done) => setTimeout(done, 50)));
  });
  describe('a hook fails', () => {
    test.before(() => assert.fail('in a hook'));
    it('never begins', () => {});
  });
});

test('has subtests', async (t) => {
  await t.test('first', () => {});
  await t.test('second', () => assert.fail('second'));
});
