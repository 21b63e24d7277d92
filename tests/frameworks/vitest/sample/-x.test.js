test('like an option', () => {});
