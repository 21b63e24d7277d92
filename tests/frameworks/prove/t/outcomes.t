# SPDX-License-Identifier: MIT
use strict;
use warnings;
use Test::More;

ok 1, 'passes';
ok 1;
ok 1, 'same name';
ok 1, 'same name';
SKIP: {
    skip 'not here', 1;
}
TODO: {
    local $TODO = 'later';
    ok 0, 'will pass one day';
    ok 1, 'passes already';
}
subtest nested => sub {
    ok 1, 'inner';
    subtest deeper => sub {
        plan tests => 1;
        ok 1, 'innermost';
    };
};
ok 1, "odd: \$(touch tpsched-was-here) 'quotes' \"double\" [x] * \\ end";
done_testing;
