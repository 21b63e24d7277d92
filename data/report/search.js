/* SPDX-License-Identifier: MIT */

/*
 * What is searched for: words, all of which must hold. A plain word is part of the name, -word is
 * not part of it, "two words" are one; s:failed, suite:api, worker:3, >1s and <50ms look at the
 * rest.
 */

const STATUS_WORDS = {
    failed: [FAILED], error: [BROKEN], bad: [FAILED, BROKEN], flaky: [FLAKY], passed: [PASSED],
    skipped: [SKIPPED], 'not-run': [NOT_RUN],
};
const UNITS = {us: 1, '\u00b5s': 1, ms: 1e3, s: 1e6, m: 60e6, min: 60e6, h: 3600e6};

function wordsOf(query) {
    const words = [];
    const form = /(-?)((?:suite|worker|status|w|s):)?("([^"]*)"?|[^\s]+)/gi;

    for (const [, not, key, raw, quoted] of query.matchAll(form))
        words.push({not: not === '-', key: (key || '').slice(0, -1).toLowerCase(),
            text: quoted === undefined ? raw : quoted});
    return words;
}

/* The query as tests on a result; `wrong` are the words that mean nothing. */
function parseQuery(query) {
    const asked = {outcomes: null, suites: [], workers: [], names: [], least: -1, most: -1,
        wrong: []};

    for (const {not, key, text} of wordsOf(query)) {
        const limit = /^([<>])(\d+(?:\.\d+)?)(us|\u00b5s|ms|s|min|m|h)$/.exec(text);
        if (key === 's' || key === 'status')
            askOutcomes(asked, text.toLowerCase().split(','), not);
        else if (key === 'suite')
            asked.suites.push({text: text.toLowerCase(), not});
        else if (key === 'w' || key === 'worker')
            asked.workers.push({text: text.toLowerCase(), not});
        else if (limit && !not)
            asked[limit[1] === '>' ? 'least' : 'most'] = limit[2] * UNITS[limit[3]];
        else if (text)
            asked.names.push({text: folded(text), not});
    }
    return asked;
}

function askOutcomes(asked, words, not) {
    const chosen = new Set(asked.outcomes || (not ? [0, 1, 2, 3, 4, 5] : []));

    for (const word of words) {
        if (!STATUS_WORDS[word])
            asked.wrong.push('s:' + word);
        for (const outcome of STATUS_WORDS[word] || [])
            not ? chosen.delete(outcome) : chosen.add(outcome);
    }
    asked.outcomes = [...chosen];
}

/* Which suites, by number, are asked for; likewise rows. */
function chosen(titles, words) {
    return titles.map((title) => words.every(({text, not}) =>
        title.toLowerCase().includes(text) !== not));
}

/* All results that everything but the name speaks for. */
function candidates(run, asked) {
    const found = new Uint32Array(run.n);
    const outcomes = [0, 1, 2, 3, 4, 5].map((one) => !asked.outcomes || asked.outcomes.includes(one));
    const suites = chosen(run.meta.suites.map((suite) => suite.name), asked.suites);
    const rows = chosen(run.meta.rows.map((_, row) => rowTitle(run, row) + ' /' +
        run.meta.rows[row].worker + '/'), asked.workers.map(({text, not}) =>
        ({text: /^\d+$/.test(text) ? '/' + text + '/' : text, not})));
    let n = 0;

    for (let suite = 0; suite < run.meta.suites.length; suite++) {
        if (!suites[suite])
            continue;
        for (let i = run.suiteFrom[suite]; i < run.suiteFrom[suite + 1]; i++) {
            const time = run.time[i];
            if (!outcomes[run.outcome[i]] || (asked.least >= 0 && time < asked.least) ||
                (asked.most >= 0 && (time < 0 || time > asked.most)))
                continue;
            if (asked.workers.length && (run.spanOf[i] < 0 ||
                !rows[run.bars.row[run.spans.bar[run.spanOf[i]]]]))
                continue;
            found[n++] = i;
        }
    }
    return found.subarray(0, n);
}

/* So many names are looked at as one string. */
const GROUP = 32 * BLOCK;

/* Does the name at `place` hold all of `words`? */
function holdsAll(text, places, place, words) {
    const name = text.slice(places[place], places[place + 1]);

    return words.every((word) => name.includes(word.text) !== word.not);
}

/* Those of `found` in one group whose names hold all words; how many were written to `out`. */
function namedInGroup(run, words, found, from, to, out) {
    const base = found[from] - found[from] % GROUP;
    const end = Math.min(base + GROUP, run.n);
    const places = new Uint32Array(GROUP + 1);
    const text = run.names.folded(base, end, places);
    const [first, ...rest] = words;
    let n = 0;

    if (first.not) {
        for (let i = from; i < to; i++)
            if (holdsAll(text, places, found[i] - base, words))
                out[n++] = found[i];
        return n;
    }
    let at = text.indexOf(first.text);
    for (let i = from; at >= 0; ) {
        const place = above(places, at, 0, end - base + 1) - 1;
        while (i < to && found[i] < base + place)
            i++;
        if (i === to)
            break;
        if (found[i] === base + place && holdsAll(text, places, place, rest))
            out[n++] = found[i];
        at = text.indexOf(first.text, places[place + 1]);
    }
    return n;
}

/*
 * The results that are asked for, in the order of the report. Works in slices of 16 ms, so that the
 * page stays alive; `stopped` ends it, and then the answer is null.
 */
async function search(run, asked, stopped) {
    const found = candidates(run, asked);
    if (!asked.names.length)
        return found;
    const words = [...asked.names].sort((a, b) => a.not - b.not || b.text.length - a.text.length);
    const out = new Uint32Array(found.length);
    let n = 0;
    let since = performance.now();
    for (let from = 0, to; from < found.length; from = to) {
        const base = found[from] - found[from] % GROUP;
        to = above(found, base + GROUP - 1, from, Math.min(found.length, from + GROUP));
        n += namedInGroup(run, words, found, from, to, out.subarray(n));
        if (performance.now() - since > 16) {
            await new Promise((resolve) => setTimeout(resolve));
            if (stopped())
                return null;
            since = performance.now();
        }
    }
    return out.subarray(0, n);
}

/* By time or outcome, worst first; ties keep the order of the report. */
function sorted(run, found, by) {
    if (by === 'report')
        return found;
    const keys = new Float64Array(found.length);
    const place = 2 ** 21;
    for (let i = 0; i < found.length; i++) {
        const worth = by === 'time' ? Math.min(Math.floor((run.time[found[i]] + 1) / 4), 2 ** 31)
            : run.outcome[found[i]];
        keys[i] = -worth * place + (found[i] % place);
    }
    if (run.n > place)
        return found.slice().sort((a, b) => (by === 'time' ? run.time[b] - run.time[a]
            : run.outcome[b] - run.outcome[a]) || a - b);
    keys.sort();
    return Uint32Array.from(keys, (key) => ((key % place) + place) % place);
}

/* The result of "SUITE/ID", or -1. */
async function locate(run, link) {
    for (let suite = 0; suite < run.meta.suites.length; suite++) {
        const {name} = run.meta.suites[suite];
        if (!link.startsWith(name + '/'))
            continue;
        const id = link.slice(name.length + 1);
        /* What is no UTF-8 in a name can't be searched for; the rest of it can. */
        const part = id.split('\ufffd').reduce((a, b) => b.length > a.length ? b : a);
        const asked = {outcomes: null, suites: [], workers: [], names: [{text: folded(part),
            not: false}], least: -1, most: -1};
        for (const index of await search(run, asked, () => false))
            if (suiteOf(run, index) === suite && run.names.get(index) === id)
                return index;
    }
    return -1;
}

function linkOf(run, index) {
    return '#t=' + encodeURIComponent(run.meta.suites[suiteOf(run, index)].name + '/' +
        run.names.get(index)).replace(/%2F/g, '/').replace(/%3A/g, ':');
}
