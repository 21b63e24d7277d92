it('like an option', () => {});
