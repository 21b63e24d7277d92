// SPDX-License-Identifier: MIT
// A reporter for jest: tells the file TPSCHED_JOURNAL which test file starts and how it and the
// tests in it end, as JSON lines. A file is named relative to the current directory; the tests in
// it are its cases.
'use strict';

const fs = require('fs');
const path = require('path');

const OUTCOMES = { passed: 'passed', failed: 'failed', pending: 'skipped', todo: 'skipped' };
const COLOURS = /\u001b\[[0-9;]*m/g;

// A lone surrogate has no UTF-8, a NUL no C string.
function printable(text) {
  return String(text).replace(/\p{Surrogate}/gu, '\ufffd').replace(/\0/g, '\\x00');
}

function explain(texts) {
  const text = printable(texts.filter(Boolean).join('\n').replace(COLOURS, ''));
  const message = text.replace('● Test suite failed to run', '').trim().split('\n')[0];
  return text ? { message: message.slice(0, 1024), text: text.slice(-16384) } : {};
}

function now() {
  return Number(process.hrtime.bigint()) / 1e9;
}

// Its results are told when a file has ended: what jest tells of single tests before is not
// complete, and says some of them twice.
module.exports = class TpschedReporter {
  constructor() {
    this.fd = fs.openSync(process.env.TPSCHED_JOURNAL, 'a');
    this.started = new Map(); // per file
  }

  onTestFileStart(test) {
    this.started.set(test.path, now());
    this.write({ start: this.idOf(test) });
  }

  onTestFileResult(test, result) {
    const seen = new Map(); // how often there was a case of that name
    for (const one of result.testResults)
      this.writeCase(test, one, seen);
    const seconds = now() - this.started.get(test.path);
    this.write({ end: this.idOf(test), seconds, ...this.verdict(result) });
  }

  verdict(result) {
    if (result.numFailingTests > 0)
      return { outcome: 'failed' };
    if (result.testExecError || result.failureMessage)
      return { outcome: 'error', ...explain([result.failureMessage ?? result.testExecError.message]) };
    const isRun = result.numPassingTests > 0 || result.testResults.length === 0;
    return { outcome: isRun && !result.skipped ? 'passed' : 'skipped' };
  }

  writeCase(test, result, seen) {
    const name = this.caseName(test, result);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    this.write({
      end: this.idOf(test),
      case: n === 1 ? name : `${name}#${n}`,
      outcome: OUTCOMES[result.status] ?? 'skipped',
      seconds: (result.duration ?? 0) / 1000,
      ...explain(result.failureMessages),
    });
  }

  caseName(test, result) {
    const project = test.context.config.displayName?.name;
    const all = result.ancestorTitles.concat(result.title).map(printable).join(' > ');
    const titles = all || '<anonymous>';
    return project ? `[${printable(project)}] ${titles}` : titles;
  }

  idOf(test) {
    return path.relative(process.cwd(), test.path);
  }

  write(entry) {
    fs.writeSync(this.fd, JSON.stringify({ ...entry, at: now() }) + '\n');
  }
};
