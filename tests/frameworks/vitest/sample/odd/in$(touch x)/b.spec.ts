test('in a directory with an odd name', () => {});
