require('node:test')('only a', () => {});
