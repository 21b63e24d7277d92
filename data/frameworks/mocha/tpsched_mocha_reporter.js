// SPDX-License-Identifier: MIT
// A reporter for mocha: tells the journal about every test, and people about failures.
'use strict';

const path = require('path');
const { journal } = require('./tpsched_mocha_journal.js');

// Hooks outside of any describe() know no file, but may know the test that they are called for.
function fileOf(runnable) {
  for (let one = runnable; one; one = one.parent)
    if (one.file)
      return path.relative(process.cwd(), one.file);
  return runnable.type === 'hook' && runnable.ctx?.currentTest ? fileOf(runnable.ctx.currentTest) : '';
}

module.exports = class TpschedReporter {
  constructor(runner) {
    this.runner = runner;
    this.broken = undefined;
    runner.on('start', () => runner.suite.eachTest((test) => journal.expect(fileOf(test))));
    runner.on('hook', (hook) => journal.enter(fileOf(hook)));
    runner.on('test', (test) => journal.enter(fileOf(test)));
    runner.on('pass', (test) => this.end(test, 'passed'));
    runner.on('pending', (test) => this.end(test, 'skipped'));
    runner.on('test end', (test) => journal.ended(fileOf(test)));
    runner.on('fail', (test, error) => this.fail(test, error));
    runner.on('end', () => this.finish());
  }

  end(test, outcome, error) {
    journal.case(fileOf(test), test.titlePath().join(' > '), outcome, test.duration, error);
  }

  fail(test, error) {
    const file = fileOf(test);
    console.log(`${file}: ${test.titlePath().join(' > ')}\n${error?.stack ?? error}\n`);
    if (test.type === 'hook' && test.parent.root)
      this.broken ??= error;
    this.end(test, 'failed', error);
  }

  finish() {
    journal.finish(this.broken, this.runner.suite.bail() && this.runner.failures > 0);
    this.runner.failures += journal.failedLoads; // they are in mocha's exit status
  }
};
