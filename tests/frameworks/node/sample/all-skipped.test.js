require('node:test').skip('skipped', () => {});
