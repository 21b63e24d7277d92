// SPDX-License-Identifier: MIT
// What is written to TPSCHED_JOURNAL, as JSON lines: how files end, which are the planned testcases,
// and how their tests end, which are the cases of a file.
'use strict';

const fs = require('fs');

function now() {
  return Number(process.hrtime.bigint()) / 1e9;
}

// A lone surrogate has no UTF-8, a NUL no C string.
function printable(text) {
  return String(text).replace(/\p{Surrogate}/gu, '\ufffd').replace(/\0/g, '\\x00');
}

function explain(error) {
  const text = printable(error?.stack || error?.message || error);
  return { message: printable(error?.message ?? error).slice(0, 1024), text: text.slice(-16384) };
}

// All files are loaded first. Then their tests run: those outside of any describe() first, so that
// a file may come twice. Of two ends of one file the later one counts.
class Journal {
  constructor(file) {
    this.fd = file ? fs.openSync(file, 'a') : undefined;
    this.files = new Map(); // by id, in the order of loading
    this.running = undefined;
    this.failedLoads = 0;
  }

  loading(id) {
    this.since = now();
    this.write({ start: id });
  }

  loaded(id) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    this.files.set(id, { id, seconds: now() - this.since, counts, seen: new Map(), left: 0 });
  }

  failedToLoad(id, error) {
    this.failedLoads += 1;
    this.write({ end: id, outcome: 'error', seconds: now() - this.since, ...explain(error) });
  }

  expect(id) {
    if (this.files.has(id))
      this.files.get(id).left += 1;
  }

  ended(id) {
    if (this.files.has(id))
      this.files.get(id).left -= 1;
  }

  enter(id) {
    if (!this.files.has(id) || this.running?.id === id)
      return;
    this.leave();
    this.running = this.files.get(id);
    this.since = now();
    this.write({ start: id });
  }

  leave() {
    const file = this.running;
    this.running = undefined;
    if (!file)
      return;
    file.seconds += now() - this.since;
    if (file.left === 0)
      this.end(file);
  }

  case(id, title, outcome, milliseconds, error) {
    this.enter(id);
    const file = this.files.get(id);
    if (!file)
      return;
    const name = printable(title) || '<anonymous>';
    const n = (file.seen.get(name) ?? 0) + 1;
    file.seen.set(name, n);
    file.counts[outcome] += 1;
    const seconds = (milliseconds ?? 0) / 1000;
    const why = outcome === 'failed' ? explain(error) : {};
    this.write({ end: id, case: n === 1 ? name : `${name}#${n}`, outcome, seconds, ...why });
  }

  // `broken` is the error of a hook around all files. After --bail, a file that is not through has
  // no result, unless it is the one that failed.
  finish(broken, isBailed) {
    this.leave();
    for (const file of this.files.values()) {
      const isThrough = file.left === 0 || file.counts.failed > 0;
      if (!isThrough && broken !== undefined)
        this.write({ end: file.id, outcome: 'error', seconds: file.seconds, ...explain(broken) });
      else if (isThrough || !isBailed)
        this.end(file);
    }
  }

  end({ id, seconds, counts }) {
    const hasPassed = counts.passed > 0 ? 'passed' : 'skipped';
    this.write({ end: id, outcome: counts.failed > 0 ? 'failed' : hasPassed, seconds });
  }

  write(entry) {
    if (this.fd !== undefined)
      fs.writeSync(this.fd, JSON.stringify({ ...entry, at: now() }) + '\n');
  }
}

exports.journal = new Journal(process.env.TPSCHED_JOURNAL);
