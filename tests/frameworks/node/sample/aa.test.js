require('node:test')('only aa', () => {});
