require('node:test')('like an option', () => {});
