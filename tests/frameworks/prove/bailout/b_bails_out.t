# SPDX-License-Identifier: MIT
print "1..3\nok 1\nBail out! the database is gone\n";
