'use strict';
const assert = require('assert');

it('passes', () => {});
it('fails', () => assert.strictEqual(1, 2));
it.skip('is skipped', () => {});
it('is skipped inside', function () {
  this.skip();
});
it('is to do');
it('throws', () => {
  throw new TypeError('thrown');
});
it('is called back', (done) => setImmediate(done));

for (const n of [1, 2, 2])
  it(`parameter ${n}`, () => assert.ok(n > 0));

describe('outer', () => {
  describe('inner', () => {
    it('passes', () => {});
    it('waits', () => new Promise((done) => setTimeout(done, 50)));
  });
  describe('a hook fails', () => {
    before(() => {
      throw new Error('in a hook');
    });
    it('never begins', () => {});
  });
  describe('a hook behind fails', () => {
    after(() => assert.fail('in a hook'));
    it('passes', () => {});
  });
});
