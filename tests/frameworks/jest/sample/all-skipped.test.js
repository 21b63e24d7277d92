test.skip('skipped', () => {});
