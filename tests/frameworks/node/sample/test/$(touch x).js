require('node:test')('in a directory named test', () => {});
