// SPDX-License-Identifier: MIT
'use strict';

// Opens reports as people do, and asserts what they see. Speaks TAP.
//   node html.js MAKE-HTML BROWSER DIRECTORY

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const {execFileSync} = require('child_process');
const {chromium} = require('playwright-core');

const [makeHtml, executable, directory] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const NOUNS = ['order', 'invoice', 'basket', 'customer', 'refund', 'voucher', 'shipment', 'session',
    'ledger', 'catalogue'];
const VERBS = ['is_created', 'is_rejected_when_empty', 'keeps_its_total', 'survives_a_retry',
    'round_trips_as_json', 'expires', 'is_found_by_index', 'honours_the_time_zone'];
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

let browser;
const tests = [];
// A part of a name as $ONLY leaves out the others.
const test = (name, body) => name.includes(process.env.ONLY || '') && tests.push({name, body});

// As make_html.c calls them.
function nameOf(i) {
    const at = (by, n) => Math.floor(i / by) % n;

    return `tests/${NOUNS[at(400, 10)]}/test_${NOUNS[at(40, 10)]}_${NOUNS[at(400, 7)]}.py::` +
        `Test${at(20, 20)}::test_${NOUNS[i % 10]}_${VERBS[at(10, 8)]}[case-${i}]`;
}

function countNames(n, holds) {
    let count = 0;
    for (let i = 0; i < n; i++)
        count += holds(nameOf(i)) ? 1 : 0;
    return count;
}

function report(kind, n) {
    const file = path.join(directory, `${kind}-${n}.html`);

    if (!fs.existsSync(file))
        execFileSync(makeHtml, [kind, String(n), file]);
    return file;
}

// A page that has settled, and everything that must not happen on it.
async function open(kind, n, options = {}) {
    const {hash = '', ...rest} = options;
    const context = await browser.newContext({viewport: {width: 1280, height: 900},
        reducedMotion: 'reduce', ...rest});
    const page = await context.newPage();

    page.wrong = [];
    page.on('dialog', (dialog) => {
        page.wrong.push('dialog ' + dialog.message());
        dialog.dismiss();
    });
    page.on('console', (message) => page.wrong.push(message.type() + ' ' + message.text()));
    page.on('pageerror', (error) => page.wrong.push('error ' + error.stack));
    page.on('request', (request) => {
        if (!request.url().startsWith('file:') && !request.url().startsWith('data:image/svg'))
            page.wrong.push('request ' + request.url().slice(0, 100));
    });
    page.on('popup', () => page.wrong.push('popup'));
    await page.goto('file://' + report(kind, n) + hash);
    if (rest.javaScriptEnabled !== false)
        await page.waitForSelector('html[data-ready]', {timeout: 120000});
    return page;
}

async function close(page) {
    assert.deepStrictEqual(page.wrong, []);
    await page.context().close();
}

const text = (page, selector) => page.locator(selector).first().innerText();
const plain = (value) => value.replace(/[\u2009\u00a0]/g, (c) => c === '\u2009' ? '' : ' ');

// Playwright's own waiting needs eval(), which the page's policy refuses.
async function until(holds, otherwise) {
    const end = Date.now() + 60000;

    while (!await holds()) {
        assert.ok(Date.now() < end, otherwise());
        await new Promise((resolve) => setTimeout(resolve, 30));
    }
}

async function countIs(page, n, of) {
    const wanted = n === of ? `${of} testcases` : `${n} of ${of} testcases`;

    let seen = '';
    await until(async () => {
        seen = plain(await text(page, '#count'));
        return seen.startsWith(wanted);
    }, () => `not '${wanted}' but '${seen}'`);
}

async function outcomes(page) {
    const found = {};
    for (const line of await page.locator('#facts .counts li').allInnerTexts()) {
        const [, n, what] = /^([\d\u2009]+)\s+(.*)$/.exec(line);
        found[what] = +n.replace(/\u2009/g, '');
    }
    return found;
}

const picture = (page) => page.evaluate(() => new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() =>
        resolve(document.querySelector('.timeline canvas').toDataURL())))));

for (const [kind, n, word] of [['failed', 2000, 'FAILED'], ['passed', 60, 'PASSED'],
    ['incomplete', 900, 'INCOMPLETE'], ['loose', 500, 'FAILED'], ['empty', 0, null]])
    test(`the verdict is the first that is read: ${kind}`, async () => {
        const page = await open(kind, n);
        assert.strictEqual(await page.locator('h1').count(), 1);
        if (word)
            assert.ok((await text(page, 'h1')).includes(word), await text(page, 'h1'));
        assert.strictEqual(await page.locator('#problems li').count(), kind === 'incomplete' ? 2 : 0);
        assert.strictEqual(await page.locator('.notice').count(), kind === 'loose' ? 1 : 0);
        assert.strictEqual(await page.locator('.timeline').count(),
            kind === 'loose' || kind === 'empty' ? 0 : 1);
        await countIs(page, n, n);
        await close(page);
    });

test('failures come first, worst first, with what reproduces them', async () => {
    const page = await open('failed', 2000);
    const {failed, error} = await outcomes(page);
    assert.strictEqual(await page.locator('main > section').first().getAttribute('id'), 'failures');
    assert.strictEqual(await page.locator('.card').count(), Math.min(20, failed + error));
    assert.ok((await text(page, '.card .badge')).startsWith('E'));
    const command = await text(page, '.card .command code');
    assert.match(command, /^tpsched run --plan plan.json --suite \S+ --testcase 'tests.*\]'$/);
    await page.locator('.card .copy').first().click();
    await until(async () => await text(page, '.card .copy') === 'Copied', () => 'not copied');
    assert.match(await text(page, '.card pre'), /assert basket.total == 59.97/);
    await page.locator('.card .block summary').first().click();
    assert.match(await page.locator('.card pre').nth(1).innerText(), /^12:00:00.000 INFO/);
    await close(page);
});

test('what is flaky is a failure where it fails the run', async () => {
    const page = await open('flaky', 900);
    const {flaky} = await outcomes(page);
    assert.match(plain(await text(page, 'h1')), /FAILED .*none failed, \d+ flaky, which fails the run/);
    assert.strictEqual(await page.locator('.card').count(), Math.min(20, flaky));
    await close(page);
});

test('all failures can be unfolded', async () => {
    const page = await open('hostile', 300);
    const {failed, error} = await outcomes(page);
    while (await page.locator('#failures > .more').isVisible())
        await page.locator('#failures > .more').click();
    await until(async () => await page.locator('.card').count() === failed + error,
        () => 'some are missing');
    await close(page);
});

test('words, outcomes, suites and times are searched', async () => {
    const page = await open('failed', 2000);
    const n = 2000;
    const found = await outcomes(page);
    const ask = async (query, count) => {
        await page.fill('#search', query);
        await countIs(page, count, n);
    };
    await ask('s:failed', found.failed);
    await ask('s:bad', found.failed + found.error);
    await ask('s:failed,flaky', found.failed + found.flaky);
    await ask('-s:passed', n - found.passed);
    await ask('case-17]', 1);
    await ask('CASE-17]', 1);
    await ask('test_refund_expires', countNames(n, (name) => name.includes('test_refund_expires')));
    await ask('refund -expires', countNames(n, (name) => name.includes('refund') &&
        !name.includes('expires')));
    await ask('"no such name"', 0);
    await ask('suite:billing', 333);
    await ask('-suite:billing', n - 333);
    await ask('>10h', 0);
    await ask('s:nothing', 0);
    await until(async () => (await text(page, '#count')).includes('nothing is called s:nothing'),
        () => 'the wrong word is not told');
    await ask('', n);
    await page.locator('.chip', {hasText: 'flaky'}).click();
    await countIs(page, found.flaky, n);
    await page.locator('.chip', {hasText: 'flaky'}).click();
    await page.selectOption('#suite', {label: 'billing'});
    await countIs(page, 333, n);
    await close(page);
});

test('a search by worker counts as the rows say', async () => {
    const page = await open('failed', 2000);
    let sum = 0;
    for (let worker = 0; worker < 8; worker++) {
        await page.fill('#search', 'worker:' + worker);
        await until(async () => await text(page, '.row .where') === 'w' + worker &&
            (await text(page, '#count')).includes(' of '), () => 'not of worker ' + worker);
        sum += +plain(await text(page, '#count')).split(' ')[0];
    }
    assert.strictEqual(sum, 2000);
    await close(page);
});

test('the list can be put in the order of time', async () => {
    const page = await open('failed', 2000);
    await page.selectOption('#order', 'time');
    await until(async () => await text(page, '.row .name') === await text(page, '#slowest .name'),
        () => 'the slowest is not the first');
    const seconds = (await page.locator('.row:not([hidden]) .time').allInnerTexts())
        .map((time) => parseFloat(time) / (time.endsWith('ms') ? 1000 : 1));
    assert.ok(seconds.length > 5);
    assert.deepStrictEqual(seconds, seconds.slice().sort((a, b) => b - a));
    await close(page);
});

test('the list is used with keys, and focus comes back', async () => {
    const page = await open('failed', 2000);
    await page.focus('#list');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
        await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.drawer:not([hidden])');
    assert.ok((await text(page, '#drawer-title')).includes(nameOf(2)));
    assert.ok(decodeURIComponent(page.url()).endsWith('#t=api/' + nameOf(2)));
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('.drawer').isHidden());
    assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'list');
    await page.keyboard.press('End');
    assert.strictEqual(await text(page, '.row[aria-selected=true] .name'), nameOf(1999));
    await page.keyboard.press('Home');
    assert.strictEqual(await text(page, '.row[aria-selected=true] .name'), nameOf(0));
    await close(page);
});

test('addresses lead to a testcase and to a search', async () => {
    const page = await open('failed', 2000, {hash: '#t=' + encodeURIComponent('billing/' +
        nameOf(400))});
    assert.ok((await text(page, '#drawer-title')).includes(nameOf(400)));
    await page.evaluate(() => { location.hash = '#q=s%3Aflaky'; });
    await countIs(page, (await outcomes(page)).flaky, 2000);
    await page.evaluate(() => { location.hash = '#t=no/such'; });
    await until(async () => (await text(page, '#count')).includes('There is no testcase no/such'),
        () => 'not told');
    await page.evaluate(() => { location.hash = '#t=%'; });
    await close(page);
});

test('addresses lead to sections, which were not there at first', async () => {
    const page = await open('failed', 2000, {hash: '#suites'});
    assert.ok((await page.locator('#h-suites').boundingBox()).y < 900);
    await close(page);
});

test('a flaky testcase has its earlier attempts', async () => {
    const page = await open('failed', 2000);
    await page.locator('#flaky tbody button').first().click();
    await page.waitForSelector('.drawer .attempts');
    assert.strictEqual(await page.locator('.drawer .attempts > li').count(), 2);
    await close(page);
});

test('nothing that tests say is run, loaded or read as markup', async () => {
    const page = await open('hostile', 300);
    await page.evaluate(() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', (event) =>
            window.violations.push(event.violatedDirective));
    });
    while (await page.locator('#failures > .more').isVisible())
        await page.locator('#failures > .more').click();
    for (const summary of await page.locator('summary').all())
        if (await summary.isVisible())
            await summary.click();
    await page.locator('.as-table summary').click();
    for (const key of ['Home', 'Enter', 'Escape'])
        await page.press('#list', key);
    await page.fill('#search', '<img src');
    await until(async () => (await text(page, '.row .name')).startsWith('<img src=x'),
        () => 'not found');
    await page.focus('.timeline-frame');
    for (const key of ['f', 'f', 'Enter', 'Escape', 'c', '+'])
        await page.keyboard.press(key);
    const box = await page.locator('.timeline canvas').boundingBox();
    for (let x = 120; x < 900; x += 40)
        await page.mouse.move(box.x + x, box.y + 80);
    assert.strictEqual(await page.evaluate(() => window.__pwned), undefined);
    assert.deepStrictEqual(await page.evaluate(() => window.violations), []);
    const seen = await page.evaluate(() => document.body.innerText);
    assert.strictEqual(UNSEEN.exec(seen), null);
    assert.ok(seen.includes('\u27e8U+202E\u27e9'));
    assert.ok(seen.includes('line one\u23celine two'));
    assert.ok(seen.includes('</script><script>window.__pwned=2</script>'));
    assert.strictEqual(await page.locator('#page img, #page svg, #page script, #page iframe').count(),
        0);
    await close(page);
});

test('a hostile name can be linked to and found', async () => {
    const page = await open('hostile', 300);
    await page.locator('.card', {hasText: 'line one'}).first().locator('.links a').click()
        .catch(async () => {
            await page.locator('.card summary', {hasText: 'line one'}).first().click();
            await page.locator('.card', {hasText: 'line one'}).first().locator('.links a').click();
        });
    await page.waitForSelector('.drawer:not([hidden])');
    assert.ok((await text(page, '#drawer-title')).includes('line one\u23celine two'));
    await close(page);
});

test('a name that is no UTF-8 has an address, too', async () => {
    const page = await open('hostile', 300);
    await page.fill('#search', 'no utf-8');
    await until(async () => (await text(page, '#count')).startsWith('4 of'), () => 'not found');
    await page.press('#list', 'Enter');
    await page.waitForSelector('.drawer:not([hidden])');
    const hash = new URL(page.url()).hash;
    await close(page);
    const again = await open('hostile', 300, {hash});
    assert.match(await text(again, '#drawer-title'), /no utf-8: \ufffd/);
    await close(again);
});

test('the policy would stop what got through', async () => {
    const page = await open('hostile', 300);
    await page.evaluate(() => {
        document.body.append(Object.assign(document.createElement('script'),
            {textContent: 'window.__pwned = 1'}));
        document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.__pwned = 2">');
        fetch('https://example.invalid/').catch(() => null);
    });
    await until(() => page.wrong.length >= 3, () => 'the policy did not say no three times');
    assert.strictEqual(await page.evaluate(() => window.__pwned), undefined);
    assert.ok(page.wrong.length >= 3 && page.wrong.every((line) => line.startsWith('error')),
        page.wrong.join('; '));
    await page.context().close();
});

test('the timeline zooms and moves by keys, wheel, buttons and dragging', async () => {
    const page = await open('failed', 2000);
    const whole = await picture(page);
    const steps = {
        key: () => page.press('.timeline-frame', '+'),
        button: () => page.click('[aria-label="Zoom in"]'),
        right: () => page.press('.timeline-frame', 'ArrowRight'),
        drag: async () => {
            const box = await page.locator('.timeline canvas').boundingBox();
            await page.mouse.move(box.x + 600, box.y + 100);
            await page.mouse.down();
            await page.mouse.move(box.x + 400, box.y + 100, {steps: 4});
            await page.mouse.up();
            await page.mouse.move(0, 0);
        },
        wheel: async () => {
            const box = await page.locator('.timeline canvas').boundingBox();
            await page.mouse.move(box.x + 600, box.y + 100);
            await page.keyboard.down('Control');
            await page.mouse.wheel(0, -200);
            await page.keyboard.up('Control');
            await page.mouse.move(0, 0);
        },
        overview: async () => {
            const box = await page.locator('.timeline canvas').boundingBox();
            await page.mouse.click(box.x + 200, box.y + 10);
            await page.mouse.move(0, 0);
        },
    };
    let before = whole;
    await page.locator('.timeline').scrollIntoViewIfNeeded();
    for (const [name, step] of Object.entries(steps)) {
        await step();
        const after = await picture(page);
        assert.notStrictEqual(after, before, name);
        before = after;
    }
    await page.press('.timeline-frame', '0');
    assert.strictEqual(await picture(page), whole);
    await page.click('.toggle >> nth=1');
    assert.notStrictEqual(await picture(page), whole);
    await close(page);
});

test('two fingers zoom the timeline, and not the page', async () => {
    const page = await open('failed', 2000, {viewport: {width: 390, height: 844}, hasTouch: true,
        isMobile: true});
    await page.locator('.timeline canvas').scrollIntoViewIfNeeded();
    const box = await page.locator('.timeline canvas').boundingBox();
    const client = await page.context().newCDPSession(page);
    const before = await picture(page);
    const touch = (type, ...places) => client.send('Input.dispatchTouchEvent', {type,
        touchPoints: places.map((x, id) => ({x: box.x + x, y: box.y + 120, id}))});
    await touch('touchStart', 180);
    await touch('touchStart', 180, 220);
    for (let apart = 0; apart <= 80; apart += 10)
        await touch('touchMove', 180 - apart, 220 + apart);
    await touch('touchEnd');
    assert.notStrictEqual(await picture(page), before);
    assert.strictEqual(await page.evaluate(() => window.visualViewport.scale), 1);
    await close(page);
});

test('a long task is drawn though a tiny one begins in the same pixel', async () => {
    const page = await open('tiny', 10);
    const [seen, wanted] = await page.evaluate(() => {
        const canvas = document.querySelector('.timeline canvas');
        const ratio = canvas.width / canvas.clientWidth;
        const at = canvas.getContext('2d').getImageData(canvas.width / 2, (52 + 22) * ratio, 1, 1);
        const colour = getComputedStyle(canvas).getPropertyValue('--task').trim();
        return ['#' + [...at.data].slice(0, 3).map((part) =>
            part.toString(16).padStart(2, '0')).join(''), colour];
    });
    assert.strictEqual(seen, wanted);
    await close(page);
});

test('the timeline tells what is pointed at and chosen', async () => {
    const page = await open('failed', 2000);
    await page.locator('.timeline').scrollIntoViewIfNeeded();
    const box = await page.locator('.timeline canvas').boundingBox();
    await page.mouse.move(box.x + 250, box.y + 52 + 22);
    assert.match(await text(page, '.tip'), /^api 0,5 .*\s+expected .*%\)/);
    await page.mouse.click(box.x + 250, box.y + 52 + 22);
    assert.match(await text(page, '#timeline-said'), /api 0,5/);
    await page.focus('.timeline-frame');
    await page.keyboard.press('f');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.drawer:not([hidden])');
    assert.match(await text(page, '#drawer-title'), /^[FE]/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    assert.match(await text(page, '#timeline-said'), /on the critical path/);
    await page.locator('.as-table summary').click();
    await until(async () => await page.locator('.as-table tbody tr').count() === 24,
        () => 'the table has not all tasks');
    await close(page);
});

test('a failure is shown where it was in the timeline', async () => {
    const page = await open('failed', 2000);
    const name = await text(page, '.card .name');
    await page.locator('.card-body .links button').first().click();
    assert.ok((await text(page, '#timeline-said')).includes(name.slice(0, 60)));
    assert.ok(await page.locator('.timeline canvas').isVisible());
    await close(page);
});

test('light and dark: as the system says, and by the button', async () => {
    const page = await open('failed', 2000, {colorScheme: 'dark'});
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await colour();
    const darkPicture = await picture(page);
    assert.strictEqual(dark, 'rgb(19, 22, 25)');
    await page.click('.theme');
    assert.strictEqual(await colour(), 'rgb(246, 246, 244)');
    assert.notStrictEqual(await picture(page), darkPicture);
    await page.click('.theme');
    assert.strictEqual(await colour(), dark);
    assert.strictEqual(await picture(page), darkPicture);
    await close(page);
});

for (const [kind, n, options, action] of [
    ['failed', 2000, {}, null],
    ['failed', 2000, {colorScheme: 'dark'}, null],
    ['hostile', 300, {viewport: {width: 390, height: 844}}, null],
    ['failed', 2000, {colorScheme: 'dark'}, '#flaky tbody button'],
    ['incomplete', 900, {}, '.as-table summary'],
    ['loose', 500, {}, null],
    ['empty', 0, {}, null]])
    test(`nobody is kept out: ${kind} ${JSON.stringify(options)} ${action || ''}`, async () => {
        const page = await open(kind, n, options);
        if (action) {
            await page.locator(action).first().click();
            await until(() => page.locator('.drawer:not([hidden]), .as-table table').first()
                .isVisible(), () => 'nothing opened');
        }
        await page.evaluate(axe);
        const {violations} = await page.evaluate(() => window.axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}));
        assert.deepStrictEqual(violations.map((one) => `${one.impact} ${one.id}: ` +
            one.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(' | ')), []);
        await page.context().close();
    });

test('nothing is wider than a phone', async () => {
    for (const [kind, n] of [['failed', 2000], ['hostile', 300], ['incomplete', 900]]) {
        const page = await open(kind, n, {viewport: {width: 360, height: 740}});
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360, kind);
        await close(page);
    }
});

test('without scripts the verdict and the failures are there', async () => {
    const page = await open('incomplete', 900, {javaScriptEnabled: false});
    const seen = await text(page, 'body');
    assert.match(seen, /INCOMPLETE/);
    assert.match(seen, /api 2,5: there is no report/);
    assert.match(seen, /assert 59.96999999999999 == 59.97/);
    await close(page);
});

test('failures are printed', async () => {
    const page = await open('failed', 2000);
    await page.emulateMedia({media: 'print'});
    assert.ok(await page.locator('.card pre').first().isVisible());
    assert.ok(await page.locator('.timeline canvas').isVisible());
    assert.ok(await page.locator('nav.top').isHidden());
    assert.ok((await page.pdf()).length > 10000);
    await close(page);
});

test('10,000 testcases are less than 1 MB, and the same bytes each time', () => {
    const file = report('failed', 10000);
    const again = path.join(directory, 'again.html');
    execFileSync(makeHtml, ['failed', '10000', again]);
    assert.ok(fs.statSync(file).size < 1e6);
    assert.ok(fs.readFileSync(file).equals(fs.readFileSync(again)));
    console.log(`# ${fs.statSync(file).size} bytes`);
});

test('no amount of output makes the page too large', async () => {
    assert.ok(fs.statSync(report('noisy', 3000)).size < 8e6);
    const page = await open('noisy', 3000);
    assert.match(await text(page, '.card .message'), /too much/);
    await page.press('#list', 'End');
    await page.press('#list', 'Enter');
    assert.match(await text(page, '.drawer-body'), /too much/);
    assert.match(await text(page, '#testcases'), /not all texts are in this page/);
    await close(page);
});

test('a million testcases are less than 15 MB, and can be used', async () => {
    const n = 1000000;
    const file = report('failed', n);
    assert.ok(fs.statSync(file).size < 15e6);
    const begun = Date.now();
    const page = await open('failed', n);
    const ready = Date.now() - begun;
    await page.press('#list', 'End');
    assert.strictEqual(await text(page, '.row[aria-selected=true] .name'), nameOf(n - 1));
    await page.fill('#search', 'case-123456]');
    await countIs(page, 1, n);
    const from = Date.now();
    await page.fill('#search', 'shipment_expires');
    await countIs(page, countNames(n, (name) => name.includes('shipment_expires')), n);
    const searched = Date.now() - from;
    await page.locator('.timeline').scrollIntoViewIfNeeded();
    let before = await picture(page);
    const drawn = [];
    for (const key of ['+', '+', '+', '+', '+', '+', 'ArrowRight', 'f']) {
        const since = Date.now();
        await page.press('.timeline-frame', key);
        const after = await picture(page);
        drawn.push(Date.now() - since);
        assert.notStrictEqual(after, before, key);
        before = after;
    }
    assert.ok(await page.evaluate(() => document.getElementsByTagName('*').length) < 5000);
    console.log(`# ${fs.statSync(file).size} bytes, ready after ${ready} ms, a search takes ` +
        `${searched} ms, a step of the timeline ${Math.max(...drawn)} ms at most`);
    await close(page);
});

async function main() {
    let failed = 0;

    browser = await chromium.launch({executablePath: executable, args: ['--no-sandbox',
        '--disable-gpu', '--disable-background-networking']});
    console.log(`1..${tests.length}`);
    for (const [i, {name, body}] of tests.entries()) {
        const title = name.replace(/#/g, '');
        try {
            await body();
            console.log(`ok ${i + 1} - ${title}`);
        } catch (error) {
            failed++;
            console.log(`not ok ${i + 1} - ${title}`);
            console.log(String(error.stack).slice(0, 2500).replace(/^/gm, '# '));
        }
    }
    await browser.close();
    process.exit(failed ? 1 : 0);
}

main();
