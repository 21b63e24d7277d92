test('in a directory named __tests__', () => {});
