/* SPDX-License-Identifier: MIT */

/* Text for people. Whatever came from a test is text only: it goes through textContent. */

const OUTCOMES = ['skipped', 'passed', 'flaky', 'failed', 'error', 'not run'];
const LETTERS = ['S', '\u2713', '~', 'F', 'E', '\u2013'];
const [SKIPPED, PASSED, FLAKY, FAILED, BROKEN, NOT_RUN] = [0, 1, 2, 3, 4, 5];

/* An element: `at` holds attributes, on... listeners and text; children are nodes or strings. */
function el(tag, at, ...children) {
    const node = document.createElement(tag);

    for (const [name, value] of Object.entries(at || {})) {
        if (value === null || value === undefined || value === false)
            continue;
        if (name === 'text')
            node.textContent = value;
        else if (name.startsWith('on'))
            node.addEventListener(name.slice(2), value);
        else
            node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
}

/* What would change how other text is read, or is not seen at all. */
const UNSEEN = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e' +
    '\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb]|' +
    '\\udb40[\\udc00-\\udc7f]', 'g');

function codePoint(character) {
    return '\u27e8U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') +
        '\u27e9';
}

/* A name on one line, with nothing in it that can't be seen. */
function visible(name) {
    return name.replace(UNSEEN, (character) =>
        character === '\n' ? '\u23ce' : character === '\t' ? '\u21e5' : codePoint(character));
}

/* Output over many lines. Colours for terminals go. */
function visibleLines(text) {
    return text.replace(/\u001b\[[0-9;:]*[A-Za-z]/g, '')
        .replace(/\r\n/g, '\n')
        .replace(UNSEEN, (character) =>
            character === '\n' || character === '\t' ? character : codePoint(character));
}

function short(text, length) {
    return text.length > length ? text.slice(0, length - 1) + '\u2026' : text;
}

function number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

function plural(count, one, many) {
    return number(count) + '\u00a0' + (count === 1 ? one : many || one + 's');
}

/* "0s", "850\u00b5s", "4.2ms", "1.25s", "1m05s", "2h03m" */
function duration(us) {
    if (us === null || us < 0)
        return '\u2013';
    if (us < 1000)
        return us < 1 ? '0s' : Math.round(us) + '\u00b5s';
    if (us < 999500)
        return +(us / 1000).toPrecision(us < 9950 ? 2 : 3) + 'ms';
    if (us < 59.95e6)
        return (us / 1e6).toFixed(us < 9.995e6 ? 2 : 1) + 's';
    const seconds = Math.round(us / 1e6);
    const two = (value) => String(value).padStart(2, '0');
    if (seconds < 3600)
        return Math.floor(seconds / 60) + 'm' + two(seconds % 60) + 's';
    return Math.floor(seconds / 3600) + 'h' + two(Math.floor(seconds / 60) % 60) + 'm';
}

function percent(part, whole) {
    return whole > 0 ? (100 * part / whole).toFixed(part / whole < 0.0995 ? 1 : 0) + '\u00a0%'
        : '\u2013';
}

/* "+17 %", "−3 %": what was taken against what was expected */
function deviation(actual, expected) {
    if (!(expected > 0) || actual < 0)
        return '';
    const share = 100 * (actual - expected) / expected;
    const text = Math.abs(share) < 9.95 ? Math.abs(share).toFixed(1) : Math.abs(share).toFixed(0);
    return (share < 0 ? '\u2212' : '+') + text + '\u00a0%';
}

function moment(us) {
    return new Date(us / 1000).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/* What an outcome looks like: a letter in a shape, so that no colour is needed to read it. */
function badge(outcome) {
    return el('span', {class: 'badge o-' + OUTCOMES[outcome].replace(' ', '-'), title: OUTCOMES[outcome]},
        el('span', {'aria-hidden': 'true', text: LETTERS[outcome]}),
        el('span', {class: 'unseen', text: OUTCOMES[outcome] + ': '}));
}
