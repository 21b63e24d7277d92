it('star', () => {});
