'use strict';

test('passes', () => {});
test('fails', () => expect(1).toBe(2));
test.skip('is skipped', () => {});
test.todo('is to do');
test('throws', () => {
  throw new TypeError('thrown');
});
test.fails('fails as expected', () => expect(1).toBe(2));

test.each([1, 2, 2])('parameter %i', (n) => expect(n).toBeGreaterThan(0));
test.each([{ a: 'x' }])('named $a', ({ a }) => expect(a).toBe('x'));

describe('outer', () => {
  describe('inner', () => {
    it('passes', () => {});
    it('waits', () => new Promise((done) => setTimeout(done, 50)));
  });
  describe('a hook fails', () => {
    beforeAll(() => {
      throw new Error('in a hook');
    });
    it('never begins', () => {});
  });
});
