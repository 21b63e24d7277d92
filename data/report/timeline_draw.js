/* SPDX-License-Identifier: MIT */

/*
 * Draws what is in sight, and of that only what is as large as a pixel: a frame costs as much as the
 * picture has pixels, not as the run has testcases.
 */

const OVERVIEW = 30; /* height of the strip that always shows the whole run */
const AXIS = 22;
const HOST = 20;
const GOALS = 30; /* below the rows: what the vertical lines are */
const COLOURS = ['bg', 'panel', 'ink', 'muted', 'line', 'cell', 'cell-many', 'task', 'setup',
    'hatch', 'plan', 'critical', 'c-failed', 'c-error', 'c-flaky', 'c-skipped'];
const MARK = ['c-skipped', 'cell', 'c-flaky', 'c-failed', 'c-error', 'c-skipped'];

class TimelineDrawing {
    constructor(data, canvas) {
        this.data = data;
        this.canvas = canvas;
        this.context = canvas.getContext('2d');
        this.showPlan = true;
        this.showCritical = true;
        this.tall = data.run.meta.rows.length <= 48;
        this.rowHeight = this.tall ? 38 : 20;
        this.layRows();
    }

    /* Tops of the rows, below the axis; of a host's first row its name stands above. */
    layRows() {
        const {rows, hosts} = this.data.run.meta;
        let top = 0;

        this.tops = rows.map((row, i) => {
            if (hosts.length > 1 && (i === 0 || rows[i - 1].host !== row.host))
                top += HOST;
            top += this.rowHeight;
            return top - this.rowHeight;
        });
        this.height = top + (this.goals().length ? GOALS : 8);
        this.bottom = top;
    }

    /* The ends that were planned and possible. */
    goals() {
        const {makespan, lower_bound: bound, whole} = this.data.run.meta;

        return [{time: bound, text: 'lower bound', dash: [2, 3]},
            {time: makespan, text: 'planned end', dash: [6, 4]}]
            .filter(({time}) => whole && time > 0 && time < this.data.length * 1.02);
    }

    readColours() {
        const style = getComputedStyle(this.canvas);

        this.colour = {};
        for (const name of COLOURS)
            this.colour[name] = style.getPropertyValue('--' + name).trim();
        this.font = style.fontFamily;
        this.hatch = this.stripes(this.colour.hatch, 6, 1);
        this.shade = this.stripes(this.colour.setup, 4, 1.4);
    }

    stripes(colour, size, width) {
        const tile = document.createElement('canvas');
        const ratio = window.devicePixelRatio || 1;

        tile.width = tile.height = size * ratio;
        const context = tile.getContext('2d');
        context.scale(ratio, ratio);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        for (const shift of [-size, 0, size]) {
            context.moveTo(shift - 1, size + 1);
            context.lineTo(shift + size + 1, -1);
        }
        context.stroke();
        const pattern = this.context.createPattern(tile, 'repeat');
        pattern.setTransform(new DOMMatrix().scale(1 / ratio));
        return pattern;
    }

    resize(width, height) {
        const ratio = window.devicePixelRatio || 1;

        this.width = width;
        this.viewHeight = height;
        this.gutter = width < 520 ? 44 : 96;
        this.canvas.width = Math.round(width * ratio);
        this.canvas.height = Math.round(height * ratio);
        this.canvas.style.height = height + 'px';
        this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.readColours();
    }

    x(time) {
        return this.gutter + (time - this.from) * this.scale;
    }

    time(x) {
        return this.from + (x - this.gutter) / this.scale;
    }

    /* view: {from, to, top, selected, hovered, span} */
    draw(view) {
        const {context, colour, width} = this;

        Object.assign(this, {from: view.from, to: view.to, top: view.top,
            scale: (width - this.gutter - 1) / (view.to - view.from)});
        context.fillStyle = colour.panel;
        context.fillRect(0, 0, width, this.viewHeight);
        this.clip(0, OVERVIEW + AXIS, () => {
            this.drawGrid();
            this.drawGoals();
            this.tops.forEach((top, row) => {
                const y = top - view.top + OVERVIEW + AXIS;
                if (y + this.rowHeight > 0 && y < this.viewHeight)
                    this.drawRow(row, y, view);
            });
            if (this.showCritical)
                this.drawChain(view);
        });
        this.drawGutter(view);
        this.drawAxis();
        this.drawOverview(view);
    }

    clip(x, y, inside) {
        this.context.save();
        this.context.beginPath();
        this.context.rect(x, y, this.width - x, this.viewHeight - y);
        this.context.clip();
        inside();
        this.context.restore();
    }

    ticks(each) {
        const step = axisStep((this.to - this.from) / Math.max(2, (this.width - this.gutter) / 90));

        for (let k = Math.max(0, Math.ceil(this.from / step)); k * step <= this.to; k++)
            each(this.x(k * step), k * step, step);
    }

    drawGrid() {
        const {context} = this;

        context.fillStyle = this.colour.line;
        this.ticks((x) => context.fillRect(Math.round(x), OVERVIEW + AXIS, 1, this.viewHeight));
    }

    drawAxis() {
        const {context} = this;

        context.fillStyle = this.colour.panel;
        context.fillRect(0, OVERVIEW, this.width, AXIS);
        context.fillStyle = this.colour.line;
        context.fillRect(0, OVERVIEW + AXIS - 1, this.width, 1);
        context.fillStyle = this.colour.muted;
        context.font = '11px ' + this.font;
        context.textBaseline = 'middle';
        this.ticks((x, time, step) => {
            const text = axisLabel(time, step);
            const size = context.measureText(text).width;
            if (x - 2 >= this.gutter - 3 && x + size + 4 < this.width)
                context.fillText(text, x + 3, OVERVIEW + AXIS / 2);
        });
    }

    drawGoals() {
        if (this.showPlan)
            this.goals().forEach(({time, text, dash}, line) => this.goal(time, text, dash, line));
    }

    goal(time, text, dash, line) {
        const {context} = this;
        const x = Math.round(this.x(time)) + 0.5;
        const y = OVERVIEW + AXIS + this.bottom - this.top + 12 + 12 * line;

        if (x < this.gutter || x > this.width)
            return;
        context.strokeStyle = this.colour.plan;
        context.lineWidth = 1;
        context.setLineDash(dash);
        context.beginPath();
        context.moveTo(x, OVERVIEW + AXIS);
        context.lineTo(x, y);
        context.stroke();
        context.setLineDash([]);
        context.font = '10.5px ' + this.font;
        context.textBaseline = 'alphabetic';
        context.fillStyle = this.colour.plan;
        const size = context.measureText(text).width;
        const left = x - size - 4 > this.gutter ? x - size - 4 : x + 4;
        context.fillText(text, left, y);
    }

    barTop(y) {
        return y + (this.tall ? 15 : 4);
    }

    drawRow(row, y, view) {
        const {data, context} = this;
        const {bars} = data.run;
        const top = this.barTop(y);
        const height = this.tall ? 15 : 11;
        let idleFrom = 0;
        let i = data.firstBar(row, this.from);

        if (i > data.first[row])
            idleFrom = data.latest[i - 1];
        let labelled = -Infinity;
        for (; i < data.first[row + 1] && bars.start[i] <= this.to; i++) {
            this.drawIdle(idleFrom, bars.start[i], top, height);
            idleFrom = Math.max(idleFrom, bars.end[i]);
            const left = this.x(bars.start[i]);
            const right = this.x(bars.end[i]);
            if (right - left < 1) {
                i = this.drawMany(row, i, top, height) - 1;
                idleFrom = Math.max(idleFrom, data.latest[i]);
                continue;
            }
            this.drawBar(i, left, right, top, height);
            labelled = this.drawLabel(i, left, right, y, labelled);
            if (i === view.selected || i === view.hovered)
                this.outline(left, right, top, height, this.colour.ink,
                    i === view.selected ? 2 : 1);
        }
        this.drawIdle(idleFrom, i < data.first[row + 1] ? this.to : data.length, top, height);
        if (view.span >= 0 && bars.row[data.run.spans.bar[view.span]] === row)
            this.drawSpanFocus(view.span, top, height);
        context.fillStyle = this.colour.line;
        context.globalAlpha = 0.6;
        context.fillRect(0, Math.round(y + this.rowHeight) - 1, this.width, 1);
        context.globalAlpha = 1;
    }

    drawIdle(from, to, top, height) {
        const left = Math.max(this.x(from), this.gutter);
        const right = Math.min(this.x(to), this.width);
        const {context} = this;

        if (right - left < 2)
            return;
        context.fillStyle = this.hatch;
        context.fillRect(left, top, right - left, height);
        const text = 'idle ' + duration(to - from);
        context.font = '10.5px ' + this.font;
        const size = context.measureText(text).width;
        if (!this.tall || right - left < size + 20)
            return;
        const middle = (left + right - size) / 2;
        context.fillStyle = this.colour.panel;
        context.fillRect(middle - 4, top + 1, size + 8, height - 2);
        context.fillStyle = this.colour.muted;
        context.textBaseline = 'middle';
        context.fillText(text, middle, top + height / 2 + 0.5);
    }

    /* Bars of less than a pixel as one; the next one to draw. */
    drawMany(row, bar, top, height) {
        const {bars, spans} = this.data.run;
        const left = this.x(bars.start[bar]);
        const until = this.time(left + 1);
        /* The last one that begins within the pixel may be longer than that. */
        const next = Math.max(bar + 1, above(bars.start, until, bar, this.data.first[row + 1]) - 1);
        const {marked} = this.data;
        let worst = PASSED;
        const from = above(marked, bars.from[bar] - 1, 0, marked.length);
        const to = above(marked, bars.from[next] - 1, from, marked.length);

        for (let k = from; k < Math.min(to, from + 64); k++)
            if (BAD_RANK[spans.outcome[marked[k]]] > BAD_RANK[worst])
                worst = spans.outcome[marked[k]];
        this.context.fillStyle = worst === PASSED ? this.colour['cell-many']
            : this.colour[MARK[worst]];
        this.context.fillRect(left, top, 1.2, height);
        return next;
    }

    drawBar(bar, left, right, top, height) {
        const {context, colour} = this;
        const {bars} = this.data.run;
        const from = Math.max(left, this.gutter - 4);
        const to = Math.min(right, this.width + 4);

        context.fillStyle = colour.task;
        context.fillRect(from, top, to - from, height);
        this.drawCells(bar, from, to, top, height);
        context.fillStyle = this.shade;
        for (const [begin, length] of [[bars.start[bar], bars.setup[bar]],
            [bars.end[bar] - bars.teardown[bar], bars.teardown[bar]]]) {
            const x0 = Math.max(this.x(begin), from);
            const x1 = Math.min(this.x(begin + length), to);
            if (length > 0 && x1 > x0)
                context.fillRect(x0, top, x1 - x0, height);
        }
        this.drawMarks(bar, from, to, top, height);
        if (this.showPlan)
            this.drawPlan(bar, top + height + 2);
        this.outline(left, right, top, height, colour.line, 1);
        if (bars.status[bar] >= 4) /* more than its testcases went wrong, or they did */
            this.outline(left, right, top, height, colour['c-failed'], 1);
    }

    /* Testcases: one by one from 1.5 pixels on, all that are shorter as one surface. */
    drawCells(bar, left, right, top, height) {
        const {run} = this.data;
        const {spans, bars} = run;
        const {context, colour} = this;
        const end = bars.from[bar + 1];
        let i = Math.max(bars.from[bar],
            above(spans.start, this.time(left), bars.from[bar], end) - 1);
        let many = -1; /* where a surface began */
        let reached = left;
        const flush = () => {
            if (many >= 0) {
                context.fillStyle = colour['cell-many'];
                context.fillRect(many, top, Math.max(reached - many, 1), height);
            }
            many = -1;
        };

        while (i < end) {
            const x0 = this.x(spans.start[i]);
            const x1 = this.x(spans.start[i] + spans.length[i]);
            if (x0 > right)
                break;
            if (x1 - x0 >= 1.5) {
                flush();
                context.fillStyle = colour.cell;
                context.fillRect(Math.max(x0, left), top, Math.min(x1, right) - Math.max(x0, left) -
                    (x1 - x0 >= 3 ? 1 : 0.5), height);
                reached = x1;
                i++;
                continue;
            }
            if (many >= 0 && x0 > reached + 1)
                flush();
            if (many < 0)
                many = Math.max(x0, left);
            reached = Math.max(x1, x0 + 1);
            i = Math.max(i + 1, above(spans.start, this.time(x0 + 1), i, end) - 1);
        }
        flush();
    }

    /* What did not pass is as wide as can be seen, and stands out of its bar: no colour needed. */
    drawMarks(bar, left, right, top, height) {
        const {marked, run} = this.data;
        const {spans, bars} = run;
        const end = bars.from[bar + 1];
        let at = above(marked, Math.max(bars.from[bar],
            above(spans.start, this.time(left - 6), bars.from[bar], end) - 1) - 1, 0,
        marked.length);
        const last = [];

        while (at < marked.length && marked[at] < end) {
            const span = marked[at];
            const x0 = this.x(spans.start[span]);
            if (x0 > right)
                break;
            const outcome = spans.outcome[span];
            const least = outcome === SKIPPED || outcome === NOT_RUN ? 1 : 3;
            const width = Math.max(spans.length[span] * this.scale - 1, least);
            if (last[outcome] === undefined || x0 - last[outcome] >= 2) {
                this.mark(outcome, x0, width, top, height);
                last[outcome] = x0;
            }
            /* Thousands within a pixel are looked at no more than once each. */
            at++;
            if (at < marked.length && marked[at] < end && at % 16 === 0 &&
                this.x(spans.start[marked[at]]) - x0 < 0.5)
                at = Math.max(at, this.nextMarked(span, x0, end));
        }
    }

    nextMarked(span, x, end) {
        const {spans} = this.data.run;
        const next = above(spans.start, this.time(x + 1), span, end) - 1;

        return above(this.data.marked, next - 1, 0, this.data.marked.length);
    }

    mark(outcome, x, width, top, height) {
        const {context} = this;

        context.fillStyle = this.colour[MARK[outcome]];
        if (outcome === SKIPPED || outcome === NOT_RUN) {
            context.fillRect(x, top + height - 3, width, 3);
            return;
        }
        const out = outcome === FLAKY ? 0 : 3;
        context.fillRect(x, top - out, width, height + 2 * out);
        if (outcome === FLAKY) {
            context.fillStyle = this.colour.panel;
            context.fillRect(x, top + height / 2 - 1, width, 2);
        } else {
            const middle = x + width / 2;
            context.beginPath();
            context.moveTo(middle - 4, top - 7);
            context.lineTo(middle + 4, top - 7);
            context.lineTo(middle, top - 1);
            context.fill();
        }
        if (width > 14 && this.tall) {
            context.fillStyle = this.colour.panel;
            context.font = 'bold 11px ' + this.font;
            context.textBaseline = 'middle';
            context.fillText(LETTERS[outcome], x + width / 2 - 3.5, top + height / 2 + 0.5);
        }
    }

    /* Below a bar a line as long as was expected, with a tick where it should have ended. */
    drawPlan(bar, y) {
        const {bars} = this.data.run;
        const {context} = this;

        if (!(bars.planLength[bar] > 0) || bars.piece[bar] > 0)
            return;
        const start = bars.planStart[bar] >= 0 ? bars.planStart[bar] : bars.start[bar];
        const x0 = Math.max(this.x(start), this.gutter);
        const x1 = this.x(start + bars.planLength[bar]);
        if (x1 < this.gutter || x0 > this.width)
            return;
        context.fillStyle = this.colour.plan;
        context.globalAlpha = 0.8;
        context.fillRect(x0, y, Math.max(x1 - x0, 1), 2);
        context.globalAlpha = 1;
        if (this.tall && x1 - x0 > 3)
            context.fillRect(x1 - 1.5, y - 3, 1.5, 6);
    }

    outline(left, right, top, height, colour, width) {
        const {context} = this;
        const from = Math.max(left, this.gutter - 6);

        context.strokeStyle = colour;
        context.lineWidth = width;
        context.strokeRect(from + 0.5, top + 0.5,
            Math.max(Math.min(right, this.width + 6) - from - 1, 1), height - 1);
    }

    drawSpanFocus(span, top, height) {
        const {spans} = this.data.run;
        const left = this.x(spans.start[span]);
        const right = Math.max(left + 3, this.x(spans.start[span] + spans.length[span]));

        this.outline(left - 4, right + 4, top - 5, height + 10, this.colour.ink, 2);
    }

    /* Names stand above their bars, where there is room to the next one. */
    drawLabel(bar, left, right, y, labelled) {
        const {context} = this;
        const x = Math.max(left, this.gutter + 2, labelled);
        const room = Math.min(right, this.width) - x;

        if (!this.tall || room < 24)
            return labelled;
        const title = barTitle(this.data.run, bar);
        const fits = Math.floor(room / 5.9);
        if (fits < 4 && title.length > fits)
            return labelled;
        context.font = (this.data.run.bars.critical[bar] && this.showCritical ? '600 ' : '') +
            '11px ' + this.font;
        context.fillStyle = this.colour.ink;
        context.textBaseline = 'alphabetic';
        const text = short(title, Math.max(fits, 4));
        context.strokeStyle = this.colour.panel;
        context.lineWidth = 3;
        context.lineJoin = 'round';
        context.strokeText(text, x, y + 11, room);
        context.fillText(text, x, y + 11, room);
        return x + Math.min(context.measureText(text).width, room) + 8;
    }

    /* The chain that the end hung on: outlined, and joined where one waited for the other. */
    drawChain(view) {
        const {critical, run: {bars}} = this.data;
        const {context} = this;
        const height = this.tall ? 15 : 11;
        const middle = (bar) => this.barTop(this.tops[bars.row[bar]] - view.top + OVERVIEW + AXIS) +
            height / 2;

        critical.forEach((bar, i) => {
            const left = this.x(bars.start[bar]);
            const right = this.x(bars.end[bar]);
            if (right > this.gutter - 8 && left < this.width + 8 && right - left >= 1)
                this.outline(left, right, middle(bar) - height / 2, height, this.colour.critical,
                    2);
            if (i === 0)
                return;
            const from = this.x(bars.end[critical[i - 1]]);
            context.strokeStyle = this.colour.critical;
            context.lineWidth = 2;
            context.beginPath();
            context.moveTo(from, middle(critical[i - 1]));
            context.lineTo(from, middle(bar));
            context.lineTo(left, middle(bar));
            context.stroke();
        });
    }

    drawGutter(view) {
        const {context, gutter} = this;
        const {rows, hosts} = this.data.run.meta;

        this.clip(0, OVERVIEW + AXIS, () => {
            context.fillStyle = this.colour.panel;
            context.fillRect(0, 0, gutter - 1, this.viewHeight);
            context.fillStyle = this.colour.line;
            context.fillRect(gutter - 1, 0, 1, this.viewHeight);
            context.textBaseline = 'middle';
            this.tops.forEach((top, row) => {
                const y = top - view.top + OVERVIEW + AXIS;
                if (y + this.rowHeight < 0 || y - HOST > this.viewHeight)
                    return;
                context.font = '11px ' + this.font;
                context.fillStyle = this.colour.muted;
                context.fillText((gutter < 60 ? 'w' : 'worker ') + rows[row].worker, 8,
                    this.barTop(y) + (this.tall ? 8 : 6), gutter - 12);
                if (hosts.length > 1 && (row === 0 || rows[row - 1].host !== rows[row].host)) {
                    context.font = '600 11px ' + this.font;
                    context.fillStyle = this.colour.ink;
                    context.fillText(short(visible(hosts[rows[row].host]), 40), 8,
                        y - HOST / 2 + 1);
                }
            });
        });
    }

    /* The whole run as how many workers are busy, and what of it is in sight. */
    drawOverview(view) {
        const {context, data, gutter} = this;
        const width = this.width - gutter - 1;
        const most = Math.max(...data.run.meta.rows.length ? [data.run.meta.rows.length] : [1]);
        const place = (time) => gutter + width * time / data.length;

        context.fillStyle = this.colour.bg;
        context.fillRect(0, 0, this.width, OVERVIEW);
        context.fillStyle = this.colour['cell-many'];
        context.beginPath();
        context.moveTo(gutter, OVERVIEW);
        let step = Math.max(1, Math.floor(data.busy.length / 20000));
        for (let i = 0; i < data.busy.length; i += step) {
            const y = OVERVIEW - (OVERVIEW - 6) * Math.min(data.busy[i] / most, 1);
            const next = i + step < data.busy.length ? data.busyFrom[i + step] : data.length;
            context.lineTo(place(data.busyFrom[i]), y);
            context.lineTo(place(next), y);
        }
        context.lineTo(gutter + width, OVERVIEW);
        context.fill();
        if (view.to - view.from < data.length * 0.999) {
            const left = place(Math.max(view.from, 0));
            const right = Math.max(place(Math.min(view.to, data.length)), left + 3);
            context.fillStyle = this.colour.bg;
            context.globalAlpha = 0.65;
            context.fillRect(gutter, 0, left - gutter, OVERVIEW);
            context.fillRect(right, 0, this.width - right, OVERVIEW);
            context.globalAlpha = 1;
            context.strokeStyle = this.colour.ink;
            context.lineWidth = 1.5;
            context.strokeRect(left + 0.5, 1, right - left - 1, OVERVIEW - 2);
        }
        context.fillStyle = this.colour.muted;
        context.font = '11px ' + this.font;
        context.textBaseline = 'middle';
        context.fillText(gutter < 60 ? 'busy' : 'busy, of ' + number(most), 8, OVERVIEW / 2 + 1,
            gutter - 12);
        context.fillStyle = this.colour.line;
        context.fillRect(0, OVERVIEW - 1, this.width, 1);
    }
}
