# SPDX-License-Identifier: MIT
use strict;
use warnings;
use Test::More tests => 3;

ok 1, 'before';
is 1 + 1, 3, 'fails';
ok 1, 'after';
