/* SPDX-License-Identifier: MIT */

/*
 * Draws what of a row is in sight, and of that only what is as large as a pixel: a frame costs as
 * much as the picture has pixels, not as the run has testcases.
 */

const MARK = ['c-skipped', 'cell', 'c-flaky', 'c-failed', 'c-error', 'c-skipped'];

class RowDrawing {
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
}
