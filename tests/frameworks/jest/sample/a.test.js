test('only a', () => {});
