it('what [id] is as a pattern', () => {});
