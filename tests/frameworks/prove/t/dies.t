# SPDX-License-Identifier: MIT
use Test::More;

ok 1, 'before';
die "before the plan\n";
