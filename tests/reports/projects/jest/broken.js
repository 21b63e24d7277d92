test('never gets there', () => {};
