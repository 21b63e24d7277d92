/* SPDX-License-Identifier: MIT */

/* The smaller lists: slowest and flaky testcases, suites. */

const SLOWEST = 20;
const ROWS_AT_ONCE = 100;

/*
 * A table that grows by ROWS_AT_ONCE; `row` makes the cells of an item. Heads with # are of numbers,
 * those with ~ can't be seen.
 */
function table(caption, heads, items, row) {
    const body = el('tbody');
    const more = el('button', {type: 'button', class: 'more'});
    let shown = 0;
    const grow = () => {
        for (const end = Math.min(items.length, shown + ROWS_AT_ONCE); shown < end; shown++)
            body.append(el('tr', {}, ...row(items[shown], shown).map((cell, i) =>
                i === 0 ? el('th', {scope: 'row'}, cell)
                    : el('td', {class: heads[i].startsWith('#') ? 'n' : null}, cell))));
        more.hidden = shown === items.length;
        more.textContent = 'Show ' + number(Math.min(ROWS_AT_ONCE, items.length - shown)) +
            ' more of ' + number(items.length - shown);
    };

    more.addEventListener('click', grow);
    grow();
    return el('div', {class: 'table', tabindex: '0', role: 'group', 'aria-label': caption},
        el('table', {}, el('caption', {class: 'unseen', text: caption}),
            el('thead', {}, el('tr', {}, ...heads.map((head) =>
                el('th', {scope: 'col', class: head.startsWith('#') ? 'n' : null},
                    el('span', {class: head.startsWith('~') ? 'unseen' : null,
                        text: head.replace(/^[#~]/, '')}))))), body), more);
}

function testcaseButton(run, index, open) {
    return el('button', {type: 'button', class: 'plain', onclick: () => open(index)},
        badge(run.outcome[index]),
        el('bdi', {class: 'name', text: short(visible(run.names.get(index)), 200)}));
}

function share(part, whole) {
    const bar = el('span', {class: 'share', 'aria-hidden': 'true'}, el('i'));

    bar.firstChild.style.width = (whole > 0 ? Math.min(100, 100 * part / whole) : 0) + '%';
    return bar;
}

/* The longest ones, without sorting all. */
function slowest(run) {
    const found = [];

    for (let i = 0; i < run.n; i++) {
        const time = run.time[i];
        if (time <= 0 || (found.length === SLOWEST && time <= run.time[found[SLOWEST - 1]]))
            continue;
        const place = found.findIndex((other) => run.time[other] < time);
        found.splice(place < 0 ? found.length : place, 0, i);
        found.length = Math.min(found.length, SLOWEST);
    }
    return found;
}

function section(id, title, aside, ...children) {
    return el('section', {id, 'aria-labelledby': 'h-' + id},
        el('h2', {id: 'h-' + id}, title + ' ', aside ? el('span', {class: 'aside', text: aside})
            : null), ...children);
}

function slowestSection(run, open) {
    const found = slowest(run);
    const sum = run.time.reduce((all, time) => all + Math.max(time, 0), 0);
    const shown = found.reduce((all, index) => all + run.time[index], 0);

    return found.length === 0 ? null : section('slowest', 'Slowest testcases',
        number(found.length) + ' take ' + percent(shown, sum) + ' of the time of all',
        table('Slowest testcases', ['Testcase', 'Suite', '#Time', '~In proportion'], found, (index) => [
            testcaseButton(run, index, open),
            el('bdi', {text: visible(run.meta.suites[suiteOf(run, index)].name)}),
            duration(run.time[index]), share(run.time[index], run.time[found[0]])]));
}

function flakySection(run, open) {
    const found = [];

    run.outcome.forEach((outcome, i) => {
        if (outcome === FLAKY)
            found.push(i);
    });
    return found.length === 0 ? null : section('flaky', 'Flaky testcases',
        number(found.length) + ' failed, then passed',
        table('Flaky testcases', ['Testcase', 'Suite', '#Time'], found, (index) => [
            testcaseButton(run, index, open),
            el('bdi', {text: visible(run.meta.suites[suiteOf(run, index)].name)}),
            duration(run.time[index])]));
}

function suitesSection(run, filter) {
    const {suites} = run.meta;
    const most = Math.max(...suites.map((suite) => suite.time), 1);
    const order = suites.map((_, i) => i).sort((a, b) => suites[b].time - suites[a].time || a - b);

    return section('suites', 'Suites', number(suites.length),
        table('Suites', ['Suite', '#Testcases', '#Bad', '#Flaky', '#Skipped', '#Time', '~In proportion'], order,
            (i) => {
                const {name, count, time} = suites[i];
                const bad = count[FAILED] + count[BROKEN];
                return [
                    el('button', {type: 'button', class: 'plain', onclick: () => filter(i)},
                        el('bdi', {class: 'name', text: short(visible(name), 120)})),
                    number(run.meta.suite_results[i]),
                    bad ? el('b', {class: 'bad', text: number(bad)}) : '\u2013',
                    count[FLAKY] ? number(count[FLAKY]) : '\u2013',
                    count[SKIPPED] ? number(count[SKIPPED]) : '\u2013',
                    duration(time), share(time, most)];
            }),
        ...suites.filter((suite) => suite.output).slice(0, 20).map((suite) =>
            block('Output of ' + visible(suite.name) + ' where it went wrong', suite.output,
                false)));
}

function adviceSection(run) {
    return run.meta.advice.length === 0 ? null : section('advice',
        'What the next plan could do better', null,
        el('ul', {class: 'advice'}, ...run.meta.advice.map((text) =>
            el('li', {}, el('bdi', {text: visible(text)})))));
}

/* The timeline in words and numbers. */
function timelineTable(run, select) {
    const {bars} = run;
    const order = Array.from({length: bars.n}, (_, i) => i);

    return table('Tasks by worker and start', ['Task', 'Worker', '#Start', '#Took', '#Expected',
        '#Off', '#Setup', 'Ended', 'Critical'], order, (bar) => {
        const took = bars.end[bar] - bars.start[bar];
        return [
            el('button', {type: 'button', class: 'plain', onclick: () => select(bar)},
                el('bdi', {class: 'name', text: barTitle(run, bar)})),
            rowTitle(run, bars.row[bar]), duration(bars.start[bar]), duration(took),
            bars.planLength[bar] > 0 ? duration(bars.planLength[bar]) : '\u2013',
            bars.cut[bar] ? 'cut' : deviation(took, bars.planLength[bar]),
            bars.setup[bar] > 0 ? duration(bars.setup[bar]) : '\u2013',
            visible(run.meta.bar_ends[bars.how[bar]]), bars.critical[bar] ? 'yes' : ''];
    });
}
