it('blanks', () => {});
