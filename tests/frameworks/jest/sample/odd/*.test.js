test('star', () => {});
