require('node:test')('before', () => {});
