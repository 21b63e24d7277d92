test('unicode', () => {});
