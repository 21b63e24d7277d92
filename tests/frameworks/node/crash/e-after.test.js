require('node:test')('after', () => {});
