// Outcomes of each kind, and names and messages that XML can't hold. No page is opened.
const { test, expect } = require('@playwright/test');
const fs = require('node:fs');

test('plain', async () => {});
test('esc \x1b[31m bel \x07', async () => {});
test(']]> & < 😀', async () => {});
test('fails', async () => { expect('a\x1b]]>').toBe('b\x07'); });
test('skipped', async () => { test.skip(true, 'not now'); });
test('fixme', async () => { test.fixme(); });
test('fails as expected', async () => { test.fail(); expect(1).toBe(2); });
test('flaky', async ({}, info) => {
    await info.attach('note', { body: 'attempt ' + info.retry, contentType: 'text/plain' });
    expect(info.retry).toBe(1);
});
test.describe('outer', () => {
    test('same', async () => {});
});
