it('brackets', () => {});
