it('only aa', () => {});
