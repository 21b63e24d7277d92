/* SPDX-License-Identifier: MIT */

/* The timeline: what of it is in sight, and what mouse, fingers and keys do to that. */

const VIEW_LEAST_US = 200;
const DRAG_LEAST_PX = 4;

class Timeline {
    constructor(run, openResult) {
        this.run = run;
        this.openResult = openResult;
        this.data = new TimelineData(run);
        this.margin = this.data.length * 0.015;
        this.view = {from: -0, to: this.data.length + this.margin, top: 0, selected: -1,
            hovered: -1, span: -1};
        this.build();
        this.drawing = new TimelineDrawing(this.data, this.canvas);
        this.listen();
    }

    build() {
        const button = (text, label, action) => el('button', {type: 'button', 'aria-label': label,
            title: label, onclick: action, text});

        this.canvas = el('canvas', {'aria-hidden': 'true'});
        this.space = el('div', {class: 'timeline-space'}, this.canvas);
        this.tip = el('div', {class: 'tip', 'aria-hidden': 'true', hidden: true});
        this.frame = el('div', {class: 'timeline-frame', tabindex: '0', role: 'application',
            'aria-roledescription': 'timeline', 'aria-label': 'Timeline of ' +
                plural(this.run.meta.rows.length, 'worker') + ' and ' +
                tasksTold(this.run), 'aria-describedby': 'timeline-keys'},
        this.space);
        this.said = el('div', {id: 'timeline-said', class: 'choice', role: 'status',
            'aria-live': 'polite'});
        this.tools = el('div', {class: 'tools', role: 'group', 'aria-label': 'Timeline'},
            button('+', 'Zoom in', () => this.zoom(0.5)),
            button('\u2212', 'Zoom out', () => this.zoom(2)),
            button('Fit', 'Show all', () => this.fit()),
            button('\u2190', 'Earlier', () => this.pan(-0.4)),
            button('\u2192', 'Later', () => this.pan(0.4)),
            this.toggle('Plan', 'showPlan'), this.toggle('Critical path', 'showCritical'));
        this.element = el('div', {class: 'timeline'}, this.tools,
            el('div', {class: 'timeline-box'}, this.frame, this.tip), this.legend(), this.said,
            el('p', {id: 'timeline-keys', class: 'hint'}, 'Ctrl + wheel or pinch zooms, dragging ' +
                'moves. Keys: + \u2212 0 zoom, \u2190 \u2192 move, \u2191 \u2193 n p choose a ' +
                'task, f the next failure, c along the critical path, Enter opens.'));
    }

    toggle(text, key) {
        const button = el('button', {type: 'button', class: 'toggle', 'aria-pressed': 'true',
            text});

        button.addEventListener('click', () => {
            this.drawing[key] = !this.drawing[key];
            button.setAttribute('aria-pressed', this.drawing[key]);
            this.redraw();
        });
        return button;
    }

    legend() {
        const entry = (kind, text) => el('li', {}, el('i', {class: 'key k-' + kind,
            'aria-hidden': 'true'}), text);

        return el('ul', {class: 'legend', 'aria-label': 'Legend'}, entry('cell', 'testcases'),
            entry('setup', 'setup, teardown'), entry('idle', 'idle'),
            entry('plan', 'expected, below each task'), entry('critical', 'critical path'),
            entry('failed', 'failed, error'), entry('flaky', 'flaky'), entry('skipped', 'skipped'));
    }

    listen() {
        const {frame} = this;

        new ResizeObserver(() => this.resize()).observe(frame);
        frame.addEventListener('scroll', () => {
            this.view.top = frame.scrollTop;
            this.redraw();
        }, {passive: true});
        frame.addEventListener('wheel', (event) => this.wheel(event), {passive: false});
        frame.addEventListener('keydown', (event) => this.key(event));
        frame.addEventListener('pointerdown', (event) => this.down(event));
        frame.addEventListener('pointermove', (event) => this.move(event));
        frame.addEventListener('pointerup', (event) => this.up(event));
        frame.addEventListener('pointercancel', (event) => this.pointers.delete(event.pointerId));
        frame.addEventListener('pointerleave', () => this.hover(-1, -1));
        frame.addEventListener('dblclick', (event) => {
            const {bar} = this.hit(event);
            if (bar >= 0)
                this.zoomTo(bar);
        });
        this.pointers = new Map();
    }

    resize() {
        const most = Math.max(220, Math.min(window.innerHeight * 0.72, 640));
        const height = OVERVIEW + AXIS + this.drawing.height;
        const shown = Math.min(height, most);

        if (this.frame.clientWidth === 0)
            return;
        this.frame.style.height = shown + 'px';
        this.space.style.height = height + 'px';
        this.drawing.resize(this.frame.clientWidth, shown);
        this.drawing.draw(this.view);
    }

    redraw() {
        if (this.waiting)
            return;
        this.waiting = requestAnimationFrame(() => {
            this.waiting = 0;
            if (this.drawing.colour)
                this.drawing.draw(this.view);
        });
    }

    recolour() {
        this.drawing.readColours();
        this.redraw();
    }

    show(from, to) {
        const whole = this.data.length + this.margin;
        const length = Math.max(Math.min(to - from, whole), VIEW_LEAST_US);
        const begin = Math.max(Math.min(from, whole - length), 0);

        this.view.from = begin;
        this.view.to = begin + length;
        this.redraw();
    }

    zoom(factor, at) {
        const {from, to} = this.view;
        const chosen = this.middleOfChosen();
        const near = chosen >= from && chosen <= to ? chosen : (from + to) / 2;
        const centre = at === undefined ? near : at;

        this.show(centre - (centre - from) * factor, centre + (to - centre) * factor);
    }

    /* What is chosen stays where it is while one zooms. */
    middleOfChosen() {
        const {selected, span} = this.view;
        const {bars, spans} = this.run;

        if (span >= 0)
            return spans.start[span] + spans.length[span] / 2;
        return selected < 0 ? -1 : (bars.start[selected] + bars.end[selected]) / 2;
    }

    pan(share) {
        const length = this.view.to - this.view.from;

        this.show(this.view.from + share * length, this.view.to + share * length);
    }

    fit() {
        this.show(0, this.data.length + this.margin);
    }

    zoomTo(bar) {
        const {start, end} = this.run.bars;
        const around = Math.max((end[bar] - start[bar]) * 0.08, VIEW_LEAST_US);

        this.show(start[bar] - around, end[bar] + around);
    }

    wheel(event) {
        const box = this.canvas.getBoundingClientRect();

        if (event.ctrlKey || event.metaKey || event.altKey) {
            event.preventDefault();
            const unit = event.deltaMode === 1 ? 20 : 1;
            this.zoom(Math.exp(Math.max(-1, Math.min(event.deltaY * unit * 0.004, 1))),
                this.drawing.time(event.clientX - box.left));
        } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
            event.preventDefault();
            this.pan((event.deltaX || event.deltaY) / this.frame.clientWidth);
        }
    }

    place(event) {
        const box = this.canvas.getBoundingClientRect();

        return {x: event.clientX - box.left, y: event.clientY - box.top};
    }

    down(event) {
        const at = this.place(event);

        if (event.button > 0)
            return;
        this.pointers.set(event.pointerId, at);
        this.began = {...at, from: this.view.from, to: this.view.to, moved: false,
            overview: at.y < OVERVIEW};
        if (this.began.overview) {
            this.frame.setPointerCapture(event.pointerId);
            this.centre(at.x);
        }
    }

    /* The overview shows the whole run; what is pointed at comes into the middle. */
    centre(x) {
        const {gutter, width} = this.drawing;
        const time = this.data.length * (x - gutter) / (width - gutter - 1);
        const half = (this.view.to - this.view.from) / 2;

        this.show(time - half, time + half);
    }

    move(event) {
        const at = this.place(event);
        const old = this.pointers.get(event.pointerId);

        if (!old) {
            const {bar, span} = this.hit(event);
            this.hover(bar, span, event);
            return;
        }
        if (this.pointers.size === 2) {
            this.pinch(event.pointerId, at);
            return;
        }
        this.pointers.set(event.pointerId, at);
        if (this.began.overview) {
            this.centre(at.x);
            return;
        }
        const moved = at.x - this.began.x;
        if (!this.began.moved && Math.abs(moved) < DRAG_LEAST_PX)
            return;
        if (!this.began.moved) {
            this.began.moved = true;
            this.frame.setPointerCapture(event.pointerId);
            this.hover(-1, -1);
        }
        const time = moved / this.drawing.scale;
        this.show(this.began.from - time, this.began.to - time);
    }

    pinch(id, at) {
        const [other] = [...this.pointers].filter(([key]) => key !== id).map(([, place]) => place);
        const old = this.pointers.get(id);
        const before = Math.max(Math.abs(old.x - other.x), 8);
        const now = Math.max(Math.abs(at.x - other.x), 8);

        this.began.moved = true;
        this.pointers.set(id, at);
        this.zoom(before / now, this.drawing.time((at.x + other.x) / 2));
    }

    up(event) {
        const began = this.began;

        this.pointers.delete(event.pointerId);
        if (!began || began.moved || began.overview)
            return;
        const {bar, span} = this.hit(event);
        this.select(bar, span);
    }

    hit(event) {
        const {x, y} = this.place(event);
        const {tops, rowHeight, gutter, scale} = this.drawing;
        const inside = y - OVERVIEW - AXIS + this.view.top;
        const row = tops.findLastIndex((top) => top <= inside);

        if (x < gutter || y < OVERVIEW + AXIS || row < 0 || inside > tops[row] + rowHeight)
            return {bar: -1, span: -1};
        const time = this.drawing.time(x);
        const bar = this.data.barAt(row, time, 3 / scale);
        return {bar, span: bar < 0 ? -1 : this.data.spanAt(bar, time, 3 / scale)};
    }

    hover(bar, span, event) {
        if (bar !== this.view.hovered) {
            this.view.hovered = bar;
            this.redraw();
        }
        this.tip.hidden = bar < 0;
        this.frame.classList.toggle('over', bar >= 0);
        if (bar < 0)
            return;
        this.tip.replaceChildren(...this.describe(bar, span));
        const box = this.frame.getBoundingClientRect();
        const width = this.tip.offsetWidth;
        const left = Math.min(Math.max(event.clientX - box.left + 12, 4), box.width - width - 4);
        const top = event.clientY - box.top + 18;
        this.tip.style.left = Math.max(left, 4) + 'px';
        this.tip.style.top = (top + this.tip.offsetHeight > box.height + 120
            ? top - this.tip.offsetHeight - 30 : top) + 'px';
    }

    describe(bar, span) {
        const {bars, spans} = this.run;
        const took = bars.end[bar] - bars.start[bar];
        const nodes = [el('p', {class: 'tip-title'}, el('bdi', {text: barTitle(this.run, bar)}),
            el('span', {text: ' ' + duration(took)}))];
        const expected = bars.planLength[bar];

        if (expected > 0)
            nodes.push(el('p', {text: 'expected ' + duration(expected) + (bars.cut[bar]
                ? ' before it was cut' : ' (' + deviation(took, expected) + ')')}));
        nodes.push(el('p', {text: duration(bars.start[bar]) + ' to ' + duration(bars.end[bar]) +
            ', ' + plural(bars.spans[bar], 'testcase')}));
        if (bars.setup[bar] + bars.teardown[bar] > 0)
            nodes.push(el('p', {text: 'setup ' + duration(bars.setup[bar]) + ', teardown ' +
                duration(bars.teardown[bar])}));
        if (bars.status[bar] >= 3)
            nodes.push(el('p', {class: 'bad',
                text: visible(this.run.meta.bar_ends[bars.how[bar]])}));
        if (span >= 0) {
            const result = spans.result[span];
            nodes.push(el('p', {class: 'tip-case'}, badge(spans.outcome[span]),
                el('bdi', {text: result < 0 ? 'testcase'
                    : short(visible(this.run.names.get(result)), 160)}),
                el('span', {text: ' ' + duration(spans.length[span])})));
        }
        return nodes;
    }

    /* What is chosen is told below the picture, to readers of screens, too. */
    select(bar, span) {
        this.view.selected = bar;
        this.view.span = span === undefined ? -1 : span;
        this.said.replaceChildren();
        this.redraw();
        if (bar < 0)
            return;
        const result = this.view.span < 0 ? -1 : this.run.spans.result[this.view.span];
        this.said.append(el('div', {class: 'chosen'}, ...this.describe(bar, this.view.span),
            el('p', {class: 'aside', text: rowTitle(this.run, this.run.bars.row[bar]) +
                (this.run.bars.critical[bar] ? ', on the critical path' : '')})),
        el('div', {class: 'links'},
            el('button', {type: 'button', text: 'Zoom to the task',
                onclick: () => this.zoomTo(bar)}),
            result < 0 ? null : el('button', {type: 'button', text: 'Open the testcase',
                onclick: () => this.openResult(result)})));
    }

    /* Into sight, and chosen. */
    reveal(bar, span) {
        const {start, end} = this.run.bars;
        const {drawing, view, frame} = this;
        const at = span >= 0 ? this.run.spans.start[span] : start[bar];
        const to = span >= 0 ? at + this.run.spans.length[span] : end[bar];
        const length = view.to - view.from;

        if (at < view.from || at > view.to)
            this.show((at + Math.min(to, at + length)) / 2 - length / 2,
                (at + Math.min(to, at + length)) / 2 + length / 2);
        const top = drawing.tops[this.run.bars.row[bar]];
        const inside = frame.clientHeight - OVERVIEW - AXIS;
        if (top < view.top || top + drawing.rowHeight > view.top + inside)
            frame.scrollTop = top - inside / 2;
        this.select(bar, span);
    }

    revealResult(index) {
        const span = this.run.spanOf[index];

        if (span < 0)
            return;
        const length = Math.max(this.run.spans.length[span] * 12, this.data.length / 40);
        const middle = this.run.spans.start[span] + this.run.spans.length[span] / 2;
        this.show(middle - length / 2, middle + length / 2);
        this.frame.scrollIntoView({block: 'center'});
        this.frame.focus({preventScroll: true});
        this.reveal(this.run.spans.bar[span], span);
    }

    key(event) {
        const moves = {
            '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2),
            _: () => this.zoom(2), 0: () => this.fit(), ArrowLeft: () => this.pan(-0.15),
            ArrowRight: () => this.pan(0.15), ArrowUp: () => this.chooseRow(-1),
            ArrowDown: () => this.chooseRow(1), n: () => this.choose(1), p: () => this.choose(-1),
            f: () => this.nextBad(), c: () => this.nextCritical(), Home: () => this.fit(),
            Enter: () => this.enter(),
        };

        if (event.ctrlKey || event.metaKey || event.altKey || !moves[event.key])
            return;
        event.preventDefault();
        moves[event.key]();
    }

    choose(by) {
        const {n} = this.run.bars;
        const next = this.view.selected < 0 ? 0 : this.view.selected + by;

        if (n > 0)
            this.reveal(Math.max(0, Math.min(next, n - 1)), -1);
    }

    chooseRow(by) {
        const {first} = this.data;
        const {bars} = this.run;
        const old = this.view.selected;

        if (old < 0) {
            this.choose(1);
            return;
        }
        for (let row = bars.row[old] + by; row >= 0 && row + 1 < first.length; row += by)
            if (first[row + 1] > first[row]) {
                const bar = Math.min(this.data.firstBar(row, bars.start[old]), first[row + 1] - 1);
                this.reveal(bar, -1);
                return;
            }
    }

    nextBad() {
        const {marked} = this.data;
        const {spans} = this.run;
        const bad = (span) => spans.outcome[span] === FAILED || spans.outcome[span] === BROKEN;
        const begin = above(marked, this.view.span, 0, marked.length);

        for (let k = 0; k < marked.length; k++) {
            const span = marked[(begin + k) % marked.length];
            if (bad(span)) {
                this.reveal(spans.bar[span], span);
                return;
            }
        }
        this.said.textContent = 'No testcase failed.';
    }

    nextCritical() {
        const {critical} = this.data;
        const place = critical.indexOf(this.view.selected);

        if (critical.length)
            this.reveal(critical[(place + 1) % critical.length], -1);
    }

    enter() {
        const {selected, span} = this.view;

        if (span >= 0 && this.run.spans.result[span] >= 0)
            this.openResult(this.run.spans.result[span]);
        else if (selected >= 0)
            this.zoomTo(selected);
    }
}
