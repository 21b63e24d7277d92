/* SPDX-License-Identifier: MIT */

/* A list of any length of which only the rows in sight are elements. */

const LIST_MOST_PX = 6e6; /* browsers can't make an element of any height */

class VirtualList {
    /*
     * root      a scrolling element, made a list box
     * height    of a row in pixels
     * fill      (element, item, place): shows an item
     * choose    (item): Enter, or a click
     */
    constructor(root, height, fill, choose) {
        Object.assign(this, {root, height, fill, choose, items: [], active: 0, rows: []});
        this.space = el('div', {class: 'list-space', role: 'presentation'});
        root.append(this.space);
        root.setAttribute('role', 'listbox');
        root.tabIndex = 0;
        root.addEventListener('scroll', () => this.draw(), {passive: true});
        root.addEventListener('keydown', (event) => this.key(event));
        root.addEventListener('click', (event) => this.click(event));
        new ResizeObserver(() => this.draw()).observe(root);
    }

    show(items) {
        this.items = items;
        this.active = 0;
        this.space.style.height = Math.min(items.length * this.height, LIST_MOST_PX) + 'px';
        this.root.scrollTop = 0;
        this.draw();
    }

    /* What of the list lies above, in rows; with a fraction. */
    first() {
        const hidden = this.space.offsetHeight - this.root.clientHeight;
        const rows = this.items.length - this.root.clientHeight / this.height;

        return hidden > 0 ? Math.min(this.root.scrollTop / hidden, 1) * Math.max(rows, 0) : 0;
    }

    draw() {
        const first = this.first();
        const begin = Math.floor(first);
        const n = Math.min(Math.ceil(this.root.clientHeight / this.height) + 1,
            this.items.length - begin);
        while (this.rows.length < n)
            this.rows.push(this.newRow());
        this.rows.forEach((row, i) => {
            row.hidden = i >= n;
            if (i >= n)
                return;
            const place = begin + i;
            row.style.transform = 'translateY(' +
                (this.root.scrollTop + (place - first) * this.height) + 'px)';
            if (row.place !== place || row.item !== this.items[place]) {
                row.place = place;
                row.item = this.items[place];
                row.setAttribute('aria-posinset', place + 1);
                row.replaceChildren();
                this.fill(row, row.item, place);
            }
            row.setAttribute('aria-setsize', this.items.length);
            row.setAttribute('aria-selected', place === this.active);
        });
        this.point();
    }

    newRow() {
        const row = el('div', {class: 'row', role: 'option', id: 'row-' + this.rows.length});

        row.style.height = this.height + 'px';
        this.space.append(row);
        return row;
    }

    point() {
        const row = this.rows.find((one) => !one.hidden && one.place === this.active);

        if (row)
            this.root.setAttribute('aria-activedescendant', row.id);
        else
            this.root.removeAttribute('aria-activedescendant');
    }

    go(place) {
        this.active = Math.max(0, Math.min(place, this.items.length - 1));
        const inSight = this.root.clientHeight / this.height;
        const first = this.first();
        if (this.active < first)
            this.scrollTo(this.active);
        else if (this.active + 1 > first + inSight)
            this.scrollTo(this.active + 1 - inSight);
        this.draw();
    }

    scrollTo(first) {
        const hidden = this.space.offsetHeight - this.root.clientHeight;
        const rows = this.items.length - this.root.clientHeight / this.height;

        this.root.scrollTop = rows > 0 ? hidden * first / rows : 0;
    }

    key(event) {
        const page = Math.max(1, Math.floor(this.root.clientHeight / this.height) - 1);
        const to = {ArrowDown: this.active + 1, ArrowUp: this.active - 1, Home: 0,
            End: this.items.length - 1, PageDown: this.active + page,
            PageUp: this.active - page}[event.key];

        if (event.ctrlKey || event.metaKey || event.altKey || !this.items.length)
            return;
        if (event.key === 'Enter' || event.key === ' ')
            this.choose(this.items[this.active]);
        else if (to !== undefined)
            this.go(to);
        else
            return;
        event.preventDefault();
    }

    click(event) {
        const row = event.target.closest('.row');

        if (!row)
            return;
        this.active = row.place;
        this.draw();
        this.choose(row.item);
    }
}

/* The part of the page that has all testcases: search, filters, order and the list itself. */
class TestcaseList {
    constructor(run, open) {
        this.run = run;
        this.open = open;
        this.order = 'report';
        this.outcomes = new Set();
        this.asked = 0;
        this.build();
    }

    build() {
        const {run} = this;
        this.box = el('input', {type: 'search', id: 'search', autocomplete: 'off',
            spellcheck: 'false', placeholder: 'name  s:failed  suite:api  >1s  -word',
            'aria-describedby': 'search-help', oninput: () => this.later()});
        this.suite = el('select', {id: 'suite', onchange: () => this.update()},
            el('option', {value: '', text: 'all suites'}),
            ...run.meta.suites.map((suite, i) =>
                el('option', {value: i, text: short(visible(suite.name), 60)})));
        this.orderBox = el('select', {id: 'order', onchange: () => {
            this.order = this.orderBox.value;
            this.update();
        }}, el('option', {value: 'report', text: 'as reported'}),
        el('option', {value: 'time', text: 'slowest first'}),
        el('option', {value: 'outcome', text: 'worst first'}));
        this.chips = [BROKEN, FAILED, FLAKY, NOT_RUN, SKIPPED, PASSED]
            .filter((outcome) => run.meta.count[outcome]).map((outcome) => this.chip(outcome));
        this.count = el('p', {id: 'count', role: 'status', 'aria-live': 'polite'});
        this.root = el('div', {id: 'list', 'aria-label': 'Testcases', class: 'list'});
        this.list = new VirtualList(this.root, 28, (row, index) => this.fill(row, index),
            (index) => this.open(index));
        this.element = el('div', {class: 'testcases'},
            el('div', {class: 'controls', role: 'search'},
                el('label', {class: 'grow'}, el('span', {class: 'label', text: 'Search'}),
                    this.box),
                el('label', {}, el('span', {class: 'label', text: 'Suite'}), this.suite),
                el('label', {}, el('span', {class: 'label', text: 'Order'}), this.orderBox)),
            el('p', {id: 'search-help', class: 'unseen', text: 'Words must all be in the name; ' +
                's:failed, suite:api, worker:3, >1s and <50ms look at the rest; a minus in ' +
                'front excludes.'}),
            el('div', {class: 'chips', role: 'group', 'aria-label': 'Outcomes shown'},
                ...this.chips.map((chip) => chip.element), this.count),
            this.root);
    }

    chip(outcome) {
        const element = el('button', {type: 'button', class: 'chip', 'aria-pressed': 'false',
            onclick: () => {
                const on = !this.outcomes.delete(outcome);
                if (on)
                    this.outcomes.add(outcome);
                element.setAttribute('aria-pressed', on);
                this.update();
            }}, badge(outcome), OUTCOMES[outcome] + ' ',
        el('span', {class: 'n', text: number(this.run.meta.count[outcome])}));

        return {outcome, element};
    }

    later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.update(), 120);
    }

    async ask(query) {
        this.box.value = query;
        await this.update();
    }

    async update() {
        const mine = ++this.asked;
        const asked = parseQuery(this.box.value);
        if (this.outcomes.size)
            asked.outcomes = [...this.outcomes].filter((outcome) =>
                !asked.outcomes || asked.outcomes.includes(outcome));
        const found = await search(this.run, asked, () => mine !== this.asked);
        if (!found || mine !== this.asked)
            return;
        this.found = this.suite.value === '' ? found : found.subarray(
            above(found, this.run.suiteFrom[+this.suite.value] - 1, 0, found.length),
            above(found, this.run.suiteFrom[+this.suite.value + 1] - 1, 0, found.length));
        this.list.show(sorted(this.run, this.found, this.order));
        this.count.textContent = (this.found.length === this.run.n
            ? plural(this.run.n, 'testcase')
            : number(this.found.length) + ' of ' + plural(this.run.n, 'testcase')) +
            (asked.wrong.length ? ' (nothing is called ' + visible(asked.wrong.join(', ')) + ')'
                : '');
    }

    fill(row, index) {
        const {run} = this;
        const suite = suiteOf(run, index);
        const span = run.spanOf[index];

        row.append(badge(run.outcome[index]),
            el('bdi', {class: 'name', text: short(visible(run.names.get(index)), 400)}),
            el('bdi', {class: 'of', text: short(visible(run.meta.suites[suite].name), 60)}),
            el('span', {class: 'where', text: span < 0 ? ''
                : 'w' + run.meta.rows[run.bars.row[run.spans.bar[span]]].worker}),
            el('span', {class: 'time', text: duration(run.time[index])}));
    }
}
