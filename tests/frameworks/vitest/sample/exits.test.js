// vitest does not let a test end its process.
test('passes', () => {});
test('ends the process', () => process.exit(0));
test('begins', () => {});
