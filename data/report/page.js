/* SPDX-License-Identifier: MIT */

/* The page: what is in it, and where its address leads. */

function themeButton(changed) {
    const names = ['auto', 'light', 'dark'];
    let theme = 'auto';
    try {
        theme = localStorage.getItem('tpsched-theme') || 'auto';
    } catch (_) { /* pages from files may have no storage */ }
    const button = el('button', {type: 'button', class: 'theme', onclick: () => {
        theme = names[(names.indexOf(theme) + 1) % names.length];
        try {
            localStorage.setItem('tpsched-theme', theme);
        } catch (_) { /* then only until it is closed */ }
        apply();
    }});
    const apply = () => {
        document.documentElement.dataset.theme = theme;
        button.replaceChildren({auto: '\u25d0', light: '\u25cb', dark: '\u25cf'}[theme],
            el('span', {text: ' Theme: ' + theme}));
        button.setAttribute('aria-label', 'Theme: ' + theme);
        changed();
    };

    apply();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
    return button;
}

/* Bars of the counts by how many they are. */
function drawCounts(run) {
    const list = document.querySelector('#facts .counts');
    const order = [BROKEN, FAILED, FLAKY, NOT_RUN, SKIPPED, PASSED];
    const strip = el('div', {class: 'strip', 'aria-hidden': 'true'}, ...order
        .filter((outcome) => run.meta.count[outcome] > 0).map((outcome) => {
            const piece = el('i', {class: 'o-' + OUTCOMES[outcome].replace(' ', '-')});
            piece.style.flexGrow = run.meta.count[outcome];
            return piece;
        }));

    list.before(strip);
}

function icon(run) {
    const colour = {PASSED: '#2a7d4f', FAILED: '#b3261e', INCOMPLETE: '#b3261e'}[run.meta.verdict];
    const sign = {PASSED: 'M4 9l3 3 6-7', FAILED: 'M4 4l8 8M12 4l-8 8', INCOMPLETE: 'M8 3v6M8 12v1'}[
        run.meta.verdict];

    document.head.append(el('link', {rel: 'icon', href: 'data:image/svg+xml,' +
        encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
        '<rect width="16" height="16" rx="4" fill="' + colour + '"/><path d="' + sign +
        '" stroke="#fff" stroke-width="2" fill="none"/><\/svg>')}));
}

const SHORT = {failures: 'Failures', timeline: 'Timeline', advice: 'Next plan',
    testcases: 'Testcases', slowest: 'Slowest', flaky: 'Flaky', suites: 'Suites'};

function navigation(sections, theme) {
    return el('nav', {'aria-label': 'Sections', class: 'top'}, el('ul', {},
        ...sections.map((one) => el('li', {}, el('a', {href: '#' + one.id,
            text: SHORT[one.id]})))), theme);
}

function timelineSection(run, timeline) {
    const folded = el('details', {class: 'as-table'}, el('summary', {text: 'As a table'}));

    folded.addEventListener('toggle', () => {
        if (folded.open && !folded.querySelector('table'))
            folded.append(timelineTable(run, (bar) => {
                timeline.reveal(bar, -1);
                timeline.zoomTo(bar);
                timeline.frame.scrollIntoView({block: 'center'});
            }));
    });
    return section('timeline', 'Timeline', plural(run.meta.rows.length, 'worker') + ', ' +
        tasksTold(run), timeline.element, folded);
}

/* #t=SUITE/ID opens a testcase, #q=WORDS searches; others are places of the page. */
async function follow(run, drawer, list) {
    const hash = location.hash;
    let text = '';

    try {
        text = decodeURIComponent(hash.slice(3));
    } catch (_) {
        return;
    }
    if (hash.startsWith('#t=')) {
        const index = await locate(run, text);
        if (index >= 0)
            await drawer.open(index);
        else
            list.count.textContent = 'There is no testcase ' + short(visible(text), 200);
    } else if (hash.startsWith('#q=')) {
        await list.ask(text);
        document.getElementById('testcases').scrollIntoView();
    } else if (SHORT[hash.slice(1)]) {
        const place = document.getElementById(hash.slice(1));
        if (place)
            place.scrollIntoView();
    }
}

async function build() {
    const run = await loadRun();
    const page = document.getElementById('page');
    const plain = document.getElementById('plain');
    const timeline = run.bars.n > 0 ? new Timeline(run, (index) => drawer.open(index)) : null;
    const drawer = new Drawer(run, (index) => timeline && timeline.revealResult(index));
    const failures = new Failures(run, drawer);
    const list = new TestcaseList(run, (index) => drawer.open(index));
    const testcases = section('testcases', 'Testcases', null, list.element);
    const sections = [
        failures.all.length ? failures.element : null,
        timeline ? timelineSection(run, timeline) : null,
        adviceSection(run), testcases,
        slowestSection(run, (index) => drawer.open(index)),
        flakySection(run, (index) => drawer.open(index)),
        suitesSection(run, (suite) => {
            list.suite.value = suite;
            list.update();
            testcases.scrollIntoView();
            list.box.focus({preventScroll: true});
        }),
    ].filter((one) => one);
    const theme = themeButton(() => timeline && timeline.recolour());

    await failures.show();
    plain.replaceWith(el('main', {}, ...sections));
    page.prepend(navigation(sections, theme));
    page.append(drawer.element);
    if (run.meta.untold > 0)
        testcases.append(el('p', {class: 'hint', text: 'Of ' + plural(run.meta.untold,
            'testcase') + ' not all texts are in this page, to keep it usable.'}));
    drawCounts(run);
    icon(run);
    await list.update();
    await follow(run, drawer, list);
    window.addEventListener('hashchange', () => follow(run, drawer, list));
    prepareToPrint(timeline);
    document.documentElement.dataset.ready = 'true';
}

/* On paper: light, everything that is unfolded, the whole timeline. */
function prepareToPrint(timeline) {
    let theme = '';

    window.addEventListener('beforeprint', () => {
        theme = document.documentElement.dataset.theme;
        document.documentElement.dataset.theme = 'light';
        document.querySelectorAll('details.card').forEach((card) => { card.open = true; });
        if (timeline) {
            timeline.drawing.readColours();
            timeline.drawing.draw(timeline.view);
        }
    });
    window.addEventListener('afterprint', () => {
        document.documentElement.dataset.theme = theme;
        if (timeline)
            timeline.recolour();
    });
}

build().catch((error) => {
    document.getElementById('page').append(el('p', {class: 'notice', role: 'alert',
        text: 'The data of this page could not be read: ' + error.message}));
});
