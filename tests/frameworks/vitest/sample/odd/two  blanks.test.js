test('blanks', () => {});
