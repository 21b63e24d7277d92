# Outcomes of each kind, and names that XML can't hold.
use strict;
use warnings;
use Test::More;

pass('plain');
pass("esc \e[31m bel \a");
pass('same');
pass('same');
fail(']]> & <');
SKIP: {
    skip 'not now', 1;
}
TODO: {
    local $TODO = 'later';
    fail('todo');
}
done_testing();
