it('quotes', () => {});
