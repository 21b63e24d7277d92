// Outcomes of each kind, and names and messages that XML can't hold.
import assert from 'node:assert';
import { describe, test } from 'node:test';

test('plain', () => {});
test('esc \x1b[31m bel \x07', () => {});
test(']]> & < "quoted" 😀', () => {});
test('fails', () => assert.strictEqual('a\x1b]]>', 'b\x07'));
test('skipped', { skip: 'not now' }, () => {});
test('todo fails', { todo: 'later' }, () => { throw new Error('as expected'); });
describe('outer', () => {
    test('same', () => {});
    test('same', () => {});
    describe('inner', () => {
        test('same', () => assert.fail('inner'));
    });
});
