require('node:test')('brackets', () => {});
