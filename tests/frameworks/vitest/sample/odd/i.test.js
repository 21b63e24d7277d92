test('what [id] is as a pattern', () => {});
