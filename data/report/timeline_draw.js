/* SPDX-License-Identifier: MIT */

/* The timeline as a whole: rows, axis, the ends that were planned, the critical path, the overview. */

const OVERVIEW = 30; /* height of the strip that always shows the whole run */
const AXIS = 22;
const HOST = 20;
const GOALS = 30; /* below the rows: what the vertical lines are */
const COLOURS = ['bg', 'panel', 'ink', 'muted', 'line', 'cell', 'cell-many', 'task', 'setup',
    'hatch', 'plan', 'critical', 'c-failed', 'c-error', 'c-flaky', 'c-skipped'];

class TimelineDrawing extends RowDrawing {
    constructor(data, canvas) {
        super();
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
