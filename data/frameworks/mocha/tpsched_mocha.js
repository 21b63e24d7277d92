// SPDX-License-Identifier: MIT
// Loaded by mocha before the test files (--require).
//
// TPSCHED_LIST=FILE     write the test files, one JSON object per line; none of them is loaded
// TPSCHED_SELECT=FILE   load and run exactly the files named there, one JSON object per line
// TPSCHED_JOURNAL=FILE  write how files and the tests in them end; also needs the reporter
//
// A file is named relative to the current directory. What mocha's option --file names is set-up
// code: it is always loaded and never listed.
'use strict';

const fs = require('fs');
const path = require('path');
const { journal } = require('./tpsched_mocha_journal.js');

const { TPSCHED_LIST, TPSCHED_SELECT } = process.env;

// mocha as it runs, wherever it is installed: what is loaded by --require is called from within.
function runningMocha() {
  const isMocha = (file) => /[\\/]mocha[^\\/]*[\\/]lib[\\/]mocha\.c?js$/.test(file);
  return require.cache[Object.keys(require.cache).find(isMocha)].exports;
}

function idOf(file) {
  return path.relative(process.cwd(), file);
}

function list(files) {
  const lines = files.map(idOf).map((id) => JSON.stringify({ id, file: id }) + '\n');
  fs.writeFileSync(TPSCHED_LIST, lines.join(''));
}

function readSelection() {
  const lines = fs.readFileSync(TPSCHED_SELECT, 'utf8').split('\n').filter(Boolean);
  return new Set(lines.map((line) => JSON.parse(line).id));
}

const Mocha = runningMocha();
const { loadFilesAsync } = Mocha.prototype;

// Each file for itself: one that can't be loaded is that file's error, not the end of the run.
async function loadOne(mocha, file, options) {
  const id = idOf(file);
  journal.loading(id);
  mocha.files = [file];
  try {
    await loadFilesAsync.call(mocha, options);
    journal.loaded(id);
  } catch (error) {
    journal.failedToLoad(id, error);
  }
}

Mocha.prototype.loadFilesAsync = async function (options) {
  const files = this.files;
  const before = new Set([].concat(this.options.file ?? []).map((file) => path.resolve(file)));
  const tests = files.filter((file) => !before.has(path.resolve(file)));
  if (TPSCHED_LIST) {
    list(tests);
    process.exit(0);
  }
  this.files = files.filter((file) => before.has(path.resolve(file)));
  await loadFilesAsync.call(this, options);
  const selected = TPSCHED_SELECT && readSelection();
  for (const file of tests.filter((file) => !selected || selected.has(idOf(file))))
    await loadOne(this, file, options);
  this.files = files;
};
