// SPDX-License-Identifier: MIT
// Loaded before a test file (--require), and node:test's reporter of it (--test-reporter): tells
// the file TPSCHED_JOURNAL what starts and how it ends, as JSON lines. The file itself is the
// planned testcase, the tests in it are its cases.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

const journal = process.env.TPSCHED_JOURNAL;
const selection = process.env.TPSCHED_SELECT;
// Processes that the test starts are not the test.
delete process.env.TPSCHED_JOURNAL;
delete process.env.TPSCHED_SELECT;

const seen = new Map(); // how often there was a case of that name
const names = []; // of the tests that enclose the next event
const count = { passed: 0, failed: 0, skipped: 0 };
let fd;
let started;
let id;
let uncaught;
let isReporting = false; // there are tests in the file
let isOver = false; // and all have ended

function now() {
  return Number(process.hrtime.bigint()) / 1e9;
}

// A lone surrogate has no UTF-8, a NUL no C string.
function printable(text) {
  return String(text).replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\\x00');
}

function write(entry) {
  fs.writeSync(fd, JSON.stringify({ ...entry, at: now() }) + '\n');
}

function explain(error) {
  const cause = error?.code === 'ERR_TEST_FAILURE' && error.cause ? error.cause : error;
  const text = printable(cause?.stack ?? cause ?? '');
  return { message: printable(cause?.message ?? cause ?? '').slice(0, 1024), text: text.slice(-16384) };
}

function caseName(data) {
  const name = names.slice(0, data.nesting).concat(data.name).map(printable).join(' > ');
  const n = (seen.get(name) ?? 0) + 1;
  seen.set(name, n);
  return n === 1 ? name : `${name}#${n}`;
}

function outcomeOf(event) {
  const { skip, todo } = event.data;
  if ((skip !== undefined && skip !== false) || (todo !== undefined && todo !== false))
    return 'skipped';
  return event.type === 'test:pass' ? 'passed' : 'failed';
}

// A suite is no case, unless something of its own fails, such as a hook.
function isCase(data) {
  const { type, error } = data.details ?? {};
  return type !== 'suite' || (error && error.failureType !== 'subtestsFailed');
}

function end(event) {
  const { data } = event;
  // Without a test in it, node:test takes the file itself for one.
  if (!isCase(data) || (data.nesting === 0 && data.name === process.argv[1]))
    return;
  const outcome = outcomeOf(event);
  const why = outcome === 'failed' ? explain(data.details?.error) : {};
  const seconds = (data.details?.duration_ms ?? 0) / 1000;
  count[outcome] += 1;
  write({ end: id, case: caseName(data), outcome, seconds, ...why });
}

// What the file itself comes to, beside its cases.
function verdict(status) {
  if (status !== 0 && count.failed > 0)
    return { outcome: 'failed' };
  if (uncaught && status !== 0)
    return { outcome: uncaught.code === 'ERR_ASSERTION' ? 'failed' : 'error', ...explain(uncaught) };
  if (status !== 0)
    return { outcome: 'failed', message: `exit status ${status}` };
  if (isReporting && !isOver)
    return { outcome: 'error', message: 'the process ended before its tests did' };
  return { outcome: count.skipped > 0 && count.passed === 0 ? 'skipped' : 'passed' };
}

function endFile(status) {
  write({ end: id, seconds: now() - started, ...verdict(status) });
}

// Node may end without a word more, as when a file throws that has registered a test; otherwise
// what is said at the exit counts.
function noteUncaught(error) {
  uncaught ??= error ?? new Error(String(error));
  endFile(1);
}

function selectedId() {
  if (selection)
    return JSON.parse(fs.readFileSync(selection, 'utf8').split('\n')[0]).id;
  return path.relative(process.cwd(), process.argv[1]);
}

if (journal && isMainThread) {
  started = now();
  fd = fs.openSync(journal, 'a');
  id = selectedId();
  write({ start: id });
  process.on('uncaughtExceptionMonitor', noteUncaught);
  process.on('exit', endFile);
}

async function* read(source) {
  for await (const event of source) {
    if (fd === undefined)
      continue;
    if (event.type === 'test:start')
      names[event.data.nesting] = event.data.name;
    else if (event.type === 'test:pass' || event.type === 'test:fail')
      end(event);
    else if (event.type === 'test:plan' && event.data.nesting === 0)
      isOver = true;
  }
}

// Called when the file first uses node:test, where a generator would wait for the first event.
// An arrow, because node takes other functions for constructors of streams.
module.exports = (source) => {
  isReporting = true;
  return read(source);
};
