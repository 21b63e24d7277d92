# SPDX-License-Identifier: MIT
print "ok 1 - no plan before or behind\n";
