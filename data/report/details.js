/* SPDX-License-Identifier: MIT */

/* What is known of one testcase, one task, and of the failures. */

const LINES_MOST = 40; /* of a text before it has to be unfolded */
const FAILURES_AT_ONCE = 20;

function copyButton(text, what) {
    const button = el('button', {type: 'button', class: 'copy', 'aria-label': 'Copy ' + what,
        text: 'Copy'});

    button.addEventListener('click', async () => {
        button.textContent = await copy(text) ? 'Copied' : 'Press Ctrl+C';
        setTimeout(() => { button.textContent = 'Copy'; }, 1600);
    });
    return button;
}

/* Pages from files may not be trusted with the clipboard; then the old way. */
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch (_) {
        const area = el('textarea', {class: 'unseen', 'aria-hidden': 'true'});
        area.value = text;
        document.body.append(area);
        area.select();
        const done = document.execCommand('copy');
        area.remove();
        return done;
    }
}

function commandLine(command) {
    return el('div', {class: 'command'},
        el('code', {text: command}),
        copyButton(command, 'the command'));
}

/* A text of many lines: what is long is folded, its end in sight, as that is where it failed. */
function block(title, text, open) {
    const lines = visibleLines(text).replace(/\n+$/, '').split('\n');
    const pre = el('pre', {tabindex: '0', 'aria-label': title, text: lines.join('\n')});

    if (open && lines.length <= LINES_MOST)
        return el('div', {class: 'block'}, el('h3', {text: title}), pre);
    const inside = el('details', {class: 'block', open: open},
        el('summary', {}, title, el('span', {class: 'aside', text: ' ' +
            plural(lines.length, 'line')})), pre);
    if (lines.length > LINES_MOST)
        inside.addEventListener('toggle', () => { pre.scrollTop = pre.scrollHeight; });
    return inside;
}

function facts(pairs) {
    return el('dl', {class: 'pairs'}, ...pairs.filter(([, value]) => value).flatMap(
        ([name, value]) => [el('dt', {text: name}), el('dd', {},
            value instanceof Node ? value : el('bdi', {text: value}))]));
}

function attempts(list, outcome) {
    const last = outcome === FLAKY ? PASSED : outcome;

    return el('div', {class: 'block'}, el('h3', {text: 'Earlier attempts'}),
        el('ol', {class: 'attempts'}, ...list.map((one) => el('li', {}, badge(one.r),
            el('span', {text: OUTCOMES[one.r] + (one.d >= 0 ? ' after ' + duration(one.d) : '')}),
            one.m ? el('p', {class: 'message', text: visible(one.m)}) : null,
            one.t ? block('Details', one.t, false) : null,
            one.o ? block('Output', one.o, false) : null)),
        el('li', {}, badge(last), el('span', {text: OUTCOMES[last] + ' in the end'}))));
}

function innerCases(told) {
    return el('details', {class: 'block', open: told.n <= 12},
        el('summary', {}, 'Consists of', el('span', {class: 'aside', text: ' ' + number(told.n) +
            (told.n > told.k.length ? ', the first ' + told.k.length : '')})),
        el('ul', {class: 'inner'}, ...told.k.map((one) => el('li', {}, badge(one.r),
            el('bdi', {text: visible(one.i || '')}),
            el('span', {class: 'time', text: duration(one.d)}),
            one.m ? el('p', {class: 'message', text: visible(one.m)}) : null))));
}

/* All that is told of a result: the nodes below its name. */
function tellResult(run, index, told) {
    const nodes = [];

    if (!run.told[index] && run.outcome[index] >= FLAKY && run.outcome[index] <= BROKEN)
        nodes.push(el('p', {class: 'hint', text: 'What is told of it is not in this page: there ' +
            'was too much of others. The report directory has it.'}));

    if (told.m)
        nodes.push(el('p', {class: 'message'}, el('bdi', {text: visible(told.m)})));
    if (told.c)
        nodes.push(commandLine(told.c));
    if (told.t && told.t !== told.m)
        nodes.push(block('Details', told.t, true));
    if (told.o)
        nodes.push(block('Output', told.o, false));
    if (told.a)
        nodes.push(attempts(told.a, run.outcome[index]));
    if (told.k)
        nodes.push(innerCases(told));
    if (told.p)
        nodes.push(el('details', {class: 'block'}, el('summary', {}, 'Properties'),
            facts(told.p.map(([name, value]) => [visible(name), visible(value)]))));
    return nodes;
}

/* Where and when it ran. */
function placeOf(run, index, told) {
    const span = run.spanOf[index];
    const bar = span < 0 ? -1 : run.spans.bar[span];

    return facts([
        ['Outcome', OUTCOMES[run.outcome[index]] + (told.y ? ' (' + visible(told.y) + ')' : '')],
        ['Time', run.time[index] < 0 ? null : duration(run.time[index])],
        ['Suite', visible(run.meta.suites[suiteOf(run, index)].name)],
        ['File', told.f ? visible(told.f) + (told.l ? ':' + told.l : '') : null],
        ['Task', bar < 0 ? null : barTitle(run, bar)],
        ['Where', bar < 0 ? null : rowTitle(run, run.bars.row[bar])],
        ['When', bar < 0 ? null : duration(run.spans.start[span]) + ' after the start'],
    ]);
}

/* The address follows what is looked at, where a page may change its address. */
function address(hash) {
    try {
        history.replaceState(null, '', hash);
    } catch (_) { /* shown within another page */ }
}

/* Beside the page: all of one testcase. The page stays usable; Escape closes it. */
class Drawer {
    constructor(run, showInTimeline) {
        this.run = run;
        this.showInTimeline = showInTimeline;
        this.title = el('h2', {id: 'drawer-title', tabindex: '-1'});
        this.body = el('div', {class: 'drawer-body'});
        this.element = el('aside', {class: 'drawer', 'aria-labelledby': 'drawer-title',
            hidden: true}, el('div', {class: 'drawer-head'}, this.title,
            el('button', {type: 'button', class: 'close', 'aria-label': 'Close', text: '\u2715',
                onclick: () => this.close()})), this.body);
        document.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && !this.element.hidden)
                this.close();
        });
    }

    async open(index) {
        const {run} = this;
        const link = linkOf(run, index);

        if (this.element.hidden)
            this.back = document.activeElement;
        this.index = index;
        address(link);
        const told = await detailsOf(run, index).catch(() => ({}));
        if (this.index !== index)
            return;
        this.title.replaceChildren(badge(run.outcome[index]),
            el('bdi', {text: short(visible(run.names.get(index)), 2000)}));
        this.body.replaceChildren(placeOf(run, index, told), ...tellResult(run, index, told),
            el('p', {class: 'links'},
                run.spanOf[index] < 0 ? null : el('button', {type: 'button',
                    text: 'Show in timeline', onclick: () => this.showInTimeline(index)}),
                el('a', {href: link, text: 'Link to this testcase'})));
        this.element.hidden = false;
        this.title.focus({preventScroll: true});
    }

    close() {
        this.element.hidden = true;
        this.index = -1;
        address('#');
        if (this.back && this.back.isConnected)
            this.back.focus({preventScroll: true});
    }
}

/* The bad ones, worst first; each unfolds. The first few are open: they are why one came. */
class Failures {
    constructor(run, drawer) {
        this.run = run;
        this.drawer = drawer;
        this.all = [];
        for (const wanted of [BROKEN, FAILED, run.meta.flaky_fails ? FLAKY : NaN])
            for (let i = 0; i < run.n; i++)
                if (run.outcome[i] === wanted)
                    this.all.push(i);
        this.shown = 0;
        this.list = el('ol', {class: 'failures'});
        this.more = el('button', {type: 'button', class: 'more', onclick: () => this.show()});
        this.element = el('section', {id: 'failures', 'aria-labelledby': 'h-failures'},
            el('h2', {id: 'h-failures'}, 'Failures ',
                el('span', {class: 'aside', text: number(this.all.length)})), this.list,
            this.more);
    }

    async show() {
        const from = this.shown;
        const next = this.all.slice(from, from + FAILURES_AT_ONCE);

        this.shown += next.length;
        const cards = await Promise.all(next.map((index, i) => this.card(index, from + i < 3)));
        this.list.append(...cards);
        const left = this.all.length - this.shown;
        this.more.hidden = left === 0;
        this.more.textContent = 'Show ' + number(Math.min(left, FAILURES_AT_ONCE)) + ' more of ' +
            number(left);
        if (from > 0 && cards[0])
            cards[0].querySelector('summary').focus();
    }

    async card(index, open) {
        const {run} = this;
        const told = await detailsOf(run, index).catch(() => ({}));
        const body = el('div', {class: 'card-body'});
        const fill = () => {
            if (!body.hasChildNodes())
                body.append(...tellResult(run, index, {...told, m: null}),
                    el('p', {class: 'links'},
                        told.f ? el('bdi', {class: 'file', text: visible(told.f) +
                            (told.l ? ':' + told.l : '')}) : null,
                        run.spanOf[index] < 0 ? null : el('button', {type: 'button',
                            text: 'Show in timeline',
                            onclick: () => this.drawer.showInTimeline(index)}),
                        el('a', {href: linkOf(run, index), text: 'Link'})));
        };
        const card = el('details', {class: 'card', open: open, ontoggle: fill},
            el('summary', {}, badge(run.outcome[index]),
                el('span', {class: 'title'},
                    el('bdi', {class: 'name', text: short(visible(run.names.get(index)), 400)}),
                    el('span', {class: 'second'},
                        el('bdi', {class: 'of', text:
                            short(visible(run.meta.suites[suiteOf(run, index)].name), 80)}),
                        told.m ? el('bdi', {class: 'message', text: short(visible(told.m), 600)})
                            : null)),
                el('span', {class: 'time', text: duration(run.time[index])})), body);
        if (open)
            fill();
        return el('li', {}, card);
    }
}
