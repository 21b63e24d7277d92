test('before', () => {});
