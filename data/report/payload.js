/* SPDX-License-Identifier: MIT */

/*
 * The run as columns. Each is a script element of no script type that holds base64 of zlib's format;
 * numbers are varints, seven bits a byte, lowest first; a zigzag number has its sign in bit 0.
 */

function bytesOf(id) {
    const text = document.getElementById(id).textContent.trim();

    if (Uint8Array.fromBase64)
        return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++)
        bytes[i] = binary.charCodeAt(i);
    return bytes;
}

async function column(id) {
    const stream = new Blob([bytesOf(id)]).stream()
        .pipeThrough(new DecompressionStream('deflate'));

    return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function jsonColumn(id) {
    return JSON.parse(new TextDecoder().decode(await column(id)));
}

/* Walks over varints. Above 2^31 bits are no longer enough, so it multiplies. */
class Varints {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    next() {
        let byte = this.bytes[this.at++];
        let value = byte & 127;
        let scale = 128;

        while (byte > 127) {
            byte = this.bytes[this.at++];
            value += (byte & 127) * scale;
            scale *= 128;
        }
        return value;
    }

    signed() {
        const value = this.next();

        return value % 2 ? -(value + 1) / 2 : value / 2;
    }
}

/* Names are front-coded; each BLOCK-th is whole, so that one can be read without all before it. */
const BLOCK = 128;

class Names {
    constructor(shared, rest, text, n) {
        const lengths = new Varints(rest);
        const begun = new Varints(shared);
        let at = 0;

        this.n = n;
        this.text = text;
        this.shared = new Uint32Array(n);
        this.start = new Uint32Array(n + 1);
        for (let i = 0; i < n; i++) {
            this.shared[i] = begun.next();
            this.start[i] = at;
            at += lengths.next();
        }
        this.start[n] = at;
        this.decoder = new TextDecoder();
    }

    get(index) {
        const block = index - index % BLOCK;
        let want = this.shared[index] + this.start[index + 1] - this.start[index];
        const bytes = new Uint8Array(want);

        /* Backwards: each name before gives what the later ones share with it. */
        for (let i = index; i >= block && want > 0; i--) {
            const from = this.shared[i];
            if (from >= want)
                continue;
            const length = want - from;
            bytes.set(this.text.subarray(this.start[i], this.start[i] + length), from);
            want = from;
        }
        return this.decoder.decode(bytes);
    }

    /*
     * The names [from, to), `from` the first of a block, as one string of a character for each byte,
     * ASCII in lower case, each ended by a newline (one in a name is a space); and where each begins.
     */
    folded(from, to, places) {
        let size = 0;
        for (let i = from; i < to; i++)
            size += this.shared[i] + this.start[i + 1] - this.start[i] + 1;
        if (!this.room || this.room.length < size)
            this.room = new Uint8Array(2 * size);
        const bytes = this.room;
        let before = 0;
        let at = 0;
        for (let i = from; i < to; i++) {
            const shared = at + this.shared[i];
            places[i - from] = at;
            for (let j = before; at < shared; )
                bytes[at++] = bytes[j++];
            before = places[i - from];
            for (let j = this.start[i]; j < this.start[i + 1]; j++)
                bytes[at++] = FOLD[this.text[j]];
            bytes[at++] = 10;
        }
        places[to - from] = at;
        return ONE_BYTE.decode(bytes.subarray(0, at));
    }
}

/* Any encoding with a character for each byte does, as it is the same on both sides. */
const ONE_BYTE = new TextDecoder('windows-1252');
const FOLD = Uint8Array.from({length: 256}, (_, byte) =>
    byte >= 65 && byte <= 90 ? byte + 32 : byte === 10 ? 32 : byte);

/* What a search is compared with: as Names.folded() has it. */
function folded(text) {
    return ONE_BYTE.decode(new TextEncoder().encode(text).map((byte) => FOLD[byte]));
}

/* Bars are by row, then start. Below 0 is what nobody knows. */
const BAR = ['row', 'suite', 'part', 'parts', 'attempt', 'piece', 'start', 'end', 'setup',
    'teardown', 'planStart', 'planLength', 'status', 'how', 'critical', 'spans'];

function readBars(bytes) {
    const numbers = new Varints(bytes);
    const table = [];
    while (numbers.at < bytes.length)
        table.push(numbers.signed());
    const bars = {n: table.length / BAR.length};
    BAR.forEach((name, place) => {
        bars[name] = Float64Array.from({length: bars.n}, (_, i) => table[i * BAR.length + place]);
    });
    bars.from = new Uint32Array(bars.n + 1);
    for (let i = 0; i < bars.n; i++)
        bars.from[i + 1] = bars.from[i] + bars.spans[i];
    findCut(bars);
    return bars;
}

/* Of tasks that were cut each bar is a piece; what was expected is of all of them. */
function findCut(bars) {
    const key = (i) => [bars.suite[i], bars.part[i], bars.attempt[i]].join();
    const cut = new Set();

    for (let i = 0; i < bars.n; i++)
        if (bars.piece[i] > 0)
            cut.add(key(i));
    bars.cut = Array.from({length: bars.n}, (_, i) => cut.size > 0 && cut.has(key(i)));
}

function readSpans(run, results, gaps, lengths, outcomes) {
    const {bars} = run;
    const n = bars.from[bars.n];
    const spans = {
        n, outcome: outcomes, result: new Int32Array(n), start: new Float64Array(n),
        length: new Float64Array(n), bar: new Uint32Array(n),
    };
    const result = new Varints(results);
    const gap = new Varints(gaps);
    const length = new Varints(lengths);
    let expected = 0;

    for (let bar = 0; bar < bars.n; bar++) {
        let at = bars.start[bar];
        for (let i = bars.from[bar]; i < bars.from[bar + 1]; i++) {
            const which = expected + result.signed();
            const known = which >= 0 ? run.time[which] : 0;
            spans.result[i] = which;
            spans.start[i] = at + gap.signed();
            spans.length[i] = Math.max(known, 0) + length.signed();
            spans.bar[i] = bar;
            at = spans.start[i] + spans.length[i];
            expected = which + 1;
        }
    }
    return spans;
}

/* Which span shows a result: the last one, as later attempts are what counts. */
function spansOfResults(run) {
    const found = new Int32Array(run.n).fill(-1);
    const {spans, bars} = run;

    for (let i = 0; i < spans.n; i++) {
        const result = spans.result[i];
        if (result < 0)
            continue;
        if (found[result] < 0 ||
            bars.attempt[spans.bar[i]] >= bars.attempt[spans.bar[found[result]]])
            found[result] = i;
    }
    return found;
}

async function loadRun() {
    const [meta, bars, outcomes, times, shared, rest, text, results, gaps, lengths,
        spanOutcomes] = await Promise.all([jsonColumn('d-meta'), ...['bars', 'outcomes', 'times',
            'shared', 'rest', 'text', 'span-results', 'span-gaps', 'span-lengths', 'span-outcomes']
            .map((name) => column('d-' + name))]);
    const run = {meta, n: outcomes.length, outcome: outcomes.map((byte) => byte & 7)};
    const time = new Varints(times);

    run.told = outcomes.map((byte) => byte >> 3); /* has it details? */
    run.time = new Float64Array(run.n);
    for (let i = 0; i < run.n; i++)
        run.time[i] = time.next() - 1;
    run.names = new Names(shared, rest, text, run.n);
    run.suiteFrom = new Uint32Array(meta.suites.length + 1);
    meta.suite_results.forEach((n, i) => {
        run.suiteFrom[i + 1] = run.suiteFrom[i] + n;
    });
    run.bars = readBars(bars);
    run.spans = readSpans(run, results, gaps, lengths, spanOutcomes);
    run.spanOf = spansOfResults(run);
    run.details = new Map();
    return run;
}

function above(sorted, value, low, high) {
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

function suiteOf(run, index) {
    return above(run.suiteFrom, index, 0, run.suiteFrom.length) - 1;
}

/* What is told of a result beyond a line: it is in pieces, read when one is asked for. */
async function detailsOf(run, index) {
    if (!run.told[index])
        return {};
    const piece = above(run.meta.details, index, 0, run.meta.details.length) - 1;
    if (!run.details.has(piece)) {
        run.details.set(piece, jsonColumn('d-details-' + piece).then((all) =>
            new Map(all.map((one) => [one.i, one]))));
        if (run.details.size > 24)
            run.details.delete(run.details.keys().next().value);
    }
    return (await run.details.get(piece)).get(index) || {};
}

/* "api 0,3", "smoke", "api 0,3, attempt 2" */
function barTitle(run, bar) {
    const {bars} = run;
    let title = visible(run.meta.bar_suites[bars.suite[bar]]);

    if (bars.parts[bar] > 1)
        title += ' ' + bars.part[bar] + ',' + bars.parts[bar];
    if (bars.cut[bar])
        title += ', piece ' + (bars.piece[bar] + 1);
    if (bars.attempt[bar] > 1)
        title += ', attempt ' + bars.attempt[bar];
    return title;
}

/* "6 tasks", "6 tasks in 15 pieces and attempts" */
function tasksTold(run) {
    const {bars} = run;
    const tasks = new Set();

    for (let i = 0; i < bars.n; i++)
        tasks.add(bars.suite[i] + ',' + bars.part[i]);
    return plural(tasks.size, 'task') + (bars.n > tasks.size
        ? ' in ' + number(bars.n) + ' pieces and attempts' : '');
}

function rowTitle(run, row) {
    const {host, worker} = run.meta.rows[row];

    return (run.meta.hosts.length > 1 ? visible(run.meta.hosts[host]) + ' ' : '') + 'worker ' +
        worker;
}
