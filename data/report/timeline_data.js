/* SPDX-License-Identifier: MIT */

/* What the timeline draws, arranged so that what is in sight is found by bisection. */

const BAD_RANK = [1, 0, 3, 4, 5, 1]; /* by outcome: what is drawn over what */

class TimelineData {
    constructor(run) {
        this.run = run;
        this.length = Math.max(run.meta.length, 1);
        this.arrangeRows();
        this.findEnds();
        this.findMarked();
        this.countBusy();
        this.critical = [...run.bars.critical.keys()].filter((i) => run.bars.critical[i])
            .sort((a, b) => run.bars.start[a] - run.bars.start[b]);
    }

    /* Bars of row r are [first[r], first[r + 1]). */
    arrangeRows() {
        const {bars, meta} = this.run;
        let bar = 0;

        this.first = new Uint32Array(meta.rows.length + 1);
        for (let row = 0; row < meta.rows.length; row++) {
            while (bar < bars.n && bars.row[bar] === row)
                bar++;
            this.first[row + 1] = bar;
        }
    }

    /* The latest end so far in a row grows with each bar, even where some overlap. */
    findEnds() {
        const {bars} = this.run;

        this.latest = new Float64Array(bars.n);
        for (let i = 0; i < bars.n; i++)
            this.latest[i] = i > 0 && bars.row[i - 1] === bars.row[i]
                ? Math.max(this.latest[i - 1], bars.end[i]) : bars.end[i];
    }

    /* Spans that did not just pass, in the order of all. */
    findMarked() {
        const {spans} = this.run;
        let n = 0;

        this.marked = new Uint32Array(spans.n);
        for (let i = 0; i < spans.n; i++)
            if (spans.outcome[i] !== PASSED)
                this.marked[n++] = i;
        this.marked = this.marked.subarray(0, n);
    }

    /* How many workers are busy, from when on. */
    countBusy() {
        const {bars} = this.run;
        const starts = Float64Array.from(bars.start).sort();
        const ends = Float64Array.from(bars.end).sort();
        let s = 0;
        let e = 0;

        this.busyFrom = [0];
        this.busy = [0];
        while (e < ends.length) {
            const at = s < starts.length ? Math.min(starts[s], ends[e]) : ends[e];
            while (s < starts.length && starts[s] <= at)
                s++;
            while (e < ends.length && ends[e] <= at)
                e++;
            this.busyFrom.push(at);
            this.busy.push(s - e);
        }
    }

    firstBar(row, time) {
        return above(this.latest, time, this.first[row], this.first[row + 1]);
    }

    barAt(row, time, slack) {
        const {bars} = this.run;
        let best = -1;

        for (let i = this.firstBar(row, time - slack); i < this.first[row + 1]; i++) {
            if (bars.start[i] > time + slack)
                break;
            if (bars.end[i] >= time - slack)
                best = i;
            if (bars.start[i] <= time && time <= bars.end[i])
                return i;
        }
        return best;
    }

    /* The span of a bar at a time; one that is marked is met from `slack` away. */
    spanAt(bar, time, slack) {
        const {bars, spans} = this.run;
        const from = bars.from[bar];
        const to = bars.from[bar + 1];
        let at = above(this.marked, from - 1, 0, this.marked.length);
        let best = -1;

        while (at < this.marked.length && this.marked[at] < to) {
            const span = this.marked[at++];
            const off = Math.max(spans.start[span] - time,
                time - spans.start[span] - spans.length[span], 0);
            if (off <= slack && (best < 0 || BAD_RANK[spans.outcome[span]] >
                BAD_RANK[spans.outcome[best]]))
                best = span;
            if (spans.start[span] > time + slack)
                break;
        }
        if (best >= 0)
            return best;
        const span = above(spans.start, time, from, to) - 1;
        return span >= from && time <= spans.start[span] + spans.length[span] ? span : -1;
    }
}

/* Steps of an axis that people can read: 1, 2, 5 of each power, and whole minutes and hours. */
function axisStep(us) {
    const long = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800,
        86400].map((seconds) => seconds * 1e6);
    const found = long.find((step) => step >= us);

    if (us > 1e6)
        return found || Math.ceil(us / 86400e6) * 86400e6;
    const power = 10 ** Math.floor(Math.log10(Math.max(us, 1)));
    return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= us);
}

function axisLabel(us, step) {
    if (us === 0)
        return '0';
    if (step < 1e3)
        return (us / 1e3).toFixed(3) + 'ms';
    if (step < 1e6 && us < 60e6)
        return +(us / 1e6).toFixed(step < 1e4 ? 3 : 2) + 's';
    if (step < 1e6)
        return Math.floor(us / 60e6) + 'm' + ((us % 60e6) / 1e6).toFixed(3) + 's';
    const seconds = Math.round(us / 1e6);
    const two = (value) => String(value).padStart(2, '0');
    if (seconds < 60)
        return seconds + 's';
    if (seconds < 3600)
        return Math.floor(seconds / 60) + 'm' + (seconds % 60 ? two(seconds % 60) : '');
    return Math.floor(seconds / 3600) + 'h' + two(Math.floor(seconds / 60) % 60);
}
