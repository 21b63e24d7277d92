test('quotes', () => {});
