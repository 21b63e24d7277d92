it('unicode', () => {});
