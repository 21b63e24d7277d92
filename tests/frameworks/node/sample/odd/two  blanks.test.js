require('node:test')('blanks', () => {});
