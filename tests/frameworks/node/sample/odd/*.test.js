require('node:test')('star', () => {});
