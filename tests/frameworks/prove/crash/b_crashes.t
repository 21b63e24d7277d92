# SPDX-License-Identifier: MIT
$| = 1;
print "1..2\nok 1 - alive\n";
kill KILL => $$;
