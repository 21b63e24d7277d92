'use strict';

const names = [
  'two  blanks', ' blank at both ends ', "quotes ' \" `", '[brackets] (round) {curly}', '$(touch x)',
  '; touch x', 'a\nnewline', 'a\ttab', 'grüße 数 🎉', '<&> ]]>', '*', 'back\\slash', '%s %d', 'a > b',
  'x'.repeat(1000), 'lone \ud800 surrogate', 'bell \u0007', 'nul \0',
];
for (const name of names)
  it(name, () => {});

describe('a', () => it('b', () => {}));
it('plain', () => {});
it('Plain', () => {});
it('', () => {});
