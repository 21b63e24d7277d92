it('before', () => {});
