// Not a test file: its hooks are around every part.
before(() => {});
