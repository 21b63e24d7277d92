it('only a', () => {});
