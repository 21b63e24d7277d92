// Outcomes of each kind, and names and messages that XML can't hold.
test('plain', () => {});
test('esc \x1b[31m bel \x07', () => {});
test(']]> & < 😀', () => {});
test('fails', () => expect('a\x1b]]>').toBe('b\x07'));
test.skip('skipped', () => {});
test.todo('todo');
describe('outer', () => {
    test('same', () => {});
    test('same', () => {});
    describe.each([1, 1])('each', () => {
        test('inside', () => {});
    });
});
describe('hooks', () => {
    beforeAll(() => { throw new Error('hook is broken'); });
    test('needs the hook', () => {});
});
