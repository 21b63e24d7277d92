// Outcomes of each kind, and names and messages that XML can't hold.
import { describe, expect, test } from 'vitest';

let tries = 0;

test('plain', () => {});
test('esc \x1b[31m bel \x07', () => {});
test(']]> & < 😀', () => { console.log('printed \x1b[31mred\x1b[0m \x07'); });
test('fails', () => { expect('a\x1b]]>').toBe('b\x07'); });
test.skip('skipped', () => {});
test.todo('todo');
test('flaky', { retry: 1 }, () => { tries += 1; expect(tries).toBe(2); });
describe('outer', () => {
    test('same', () => {});
    test('same', () => {});
});
