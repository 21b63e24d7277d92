it.skip('skipped', () => {});
