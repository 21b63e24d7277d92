require('node:test')('unicode', () => {});
