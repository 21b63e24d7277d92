'use strict';

it('passes', () => {});
it('ends the process', () => process.exit(0));
it('never begins', () => {});
