test('brackets', () => {});
