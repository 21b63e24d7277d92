// Outcomes of each kind, and names and messages that XML can't hold.
const assert = require('node:assert');

describe('outer', () => {
    it('plain', () => {});
    it('esc \x1b[31m bel \x07', () => {});
    it(']]> & < 😀', () => {});
    it('fails', () => assert.strictEqual('a\x1b]]>', 'b\x07'));
    it.skip('skipped', () => {});
    it('pending');
    it('same', () => {});
    it('same', () => {});
    describe('hooks', () => {
        before(() => { throw new Error('hook is broken'); });
        it('needs the hook', () => {});
    });
});
