// SPDX-License-Identifier: MIT
// vitest by its programming interface, because its command line takes names of files as parts of
// names. It is called with vitest's own arguments.
//
// TPSCHED_LIST=FILE     write the test files, one JSON object per line; nothing is run
// TPSCHED_SELECT=FILE   run exactly the files named there, one JSON object per line
// TPSCHED_JOURNAL=FILE  write what starts and how it ends
//
// A file is named relative to the current directory; the tests in it are its cases.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const { TPSCHED_LIST, TPSCHED_SELECT, TPSCHED_JOURNAL } = process.env;
const OUTCOMES = { passed: 'passed', failed: 'failed', skipped: 'skipped' };
const { createVitest, parseCLI } = await projectVitest();

// The one that the project has, from the current directory upwards.
async function projectVitest() {
  const require = createRequire(path.join(process.cwd(), 'package.json'));
  return import(pathToFileURL(require.resolve('vitest/node')));
}

function idOf(file) {
  return path.relative(process.cwd(), file);
}

function now() {
  return Number(process.hrtime.bigint()) / 1e9;
}

// A lone surrogate has no UTF-8, a NUL no C string.
function printable(text) {
  return String(text).replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\\x00');
}

function explain(errors) {
  const texts = (errors ?? []).map((error) => error.stack || error.message || String(error));
  const text = printable(stripVTControlCharacters(texts.join('\n')));
  return text ? { message: text.split('\n')[0].slice(0, 1024), text: text.slice(-16384) } : {};
}

class Journal {
  constructor(file) {
    this.fd = fs.openSync(file, 'a');
    this.since = now(); // the last end: a file's time has the start of its worker in it
    this.open = undefined;
  }

  onTestRunStart() {
    this.since = now();
  }

  onTestModuleQueued(module) {
    this.settle();
    this.open = module;
    this.write({ start: idOf(module.moduleId) });
  }

  onTestModuleCollected(module) {
    this.open = module; // another object than the one that was queued
  }

  onTestModuleEnd(module) {
    this.open = undefined;
    const seen = new Map(); // how often there was a case of that name
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of module.children.allTests())
      counts[this.writeCase(module, test, seen)] += 1;
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0)
        counts[this.writeCase(module, suite, seen)] += 1;
    const seconds = now() - this.since;
    this.since = now();
    this.write({ end: idOf(module.moduleId), seconds, ...this.verdict(module, counts) });
  }

  onTestRunEnd() {
    this.settle();
  }

  // A file that could not be loaded has no end of its own. One that crashed has none at all.
  settle() {
    if (this.open?.state() === 'failed')
      this.onTestModuleEnd(this.open);
  }

  verdict(module, counts) {
    if (counts.failed > 0)
      return { outcome: 'failed' };
    if (!module.ok())
      return { outcome: 'error', ...explain(module.errors()) };
    return { outcome: counts.skipped > 0 && counts.passed === 0 ? 'skipped' : 'passed' };
  }

  writeCase(module, test, seen) {
    const result = test.type === 'suite' ? { state: 'failed', errors: test.errors() } : test.result();
    const name = this.caseName(module, test);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    const outcome = OUTCOMES[result.state] ?? 'error';
    this.write({
      end: idOf(module.moduleId),
      case: n === 1 ? name : `${name}#${n}`,
      outcome,
      seconds: (test.diagnostic?.()?.duration ?? 0) / 1000,
      ...(outcome === 'passed' ? {} : explain(result.errors)),
    });
    return outcome;
  }

  caseName(module, test) {
    const names = [];
    for (let one = test; one && one.type !== 'module'; one = one.parent)
      names.unshift(printable(one.name));
    const project = module.project.name;
    return (project ? `[${printable(project)}] ` : '') + (names.join(' > ') || '<anonymous>');
  }

  write(entry) {
    fs.writeSync(this.fd, JSON.stringify({ ...entry, at: now() }) + '\n');
  }
}

function list(specifications) {
  const ids = new Set(specifications.map((one) => idOf(one.moduleId)));
  const lines = [...ids].sort().map((id) => JSON.stringify({ id, file: id }) + '\n');
  fs.writeFileSync(TPSCHED_LIST, lines.join(''));
}

// Files by name, the same in every run. vitest's own order depends on what it remembers of former
// runs, which are of other parts.
class ByName {
  sort(specifications) {
    return [...specifications].sort((a, b) =>
      a.moduleId < b.moduleId ? -1 : a.moduleId > b.moduleId ? 1 : 0,
    );
  }

  shard(specifications) {
    return specifications;
  }
}

function readSelection() {
  const lines = fs.readFileSync(TPSCHED_SELECT, 'utf8').split('\n').filter(Boolean);
  return new Set(lines.map((line) => JSON.parse(line).id));
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
// Parts are what runs in parallel.
Object.assign(options, { watch: false, run: true, fileParallelism: false });
options.sequence = { ...options.sequence, sequencer: ByName };
if (TPSCHED_JOURNAL)
  options.reporters = ['default', new Journal(TPSCHED_JOURNAL)];
// What vitest's own command sets before it reads the configuration.
process.env.TEST = process.env.VITEST = 'true';
process.env.NODE_ENV ??= options.mode ?? 'test';
const vitest = await createVitest('test', options);
const specifications = await vitest.getRelevantTestSpecifications(filter);
if (TPSCHED_LIST) {
  list(specifications);
} else {
  const selected = TPSCHED_SELECT ? readSelection() : undefined;
  await vitest.init();
  await vitest.runTestSpecifications(
    specifications.filter((one) => !selected || selected.has(idOf(one.moduleId))),
    !selected,
  );
}
await vitest.close();
