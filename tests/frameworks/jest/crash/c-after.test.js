test('after', () => {});
