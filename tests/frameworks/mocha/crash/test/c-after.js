it('after', () => {});
