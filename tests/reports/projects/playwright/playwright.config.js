module.exports = { workers: 1, retries: 1, testDir: '.', outputDir: 'results' };
