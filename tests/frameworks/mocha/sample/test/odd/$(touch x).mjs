import assert from 'assert'; it('an ES module', () => assert.ok(true));
