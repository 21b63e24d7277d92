test('only aa', () => {});
