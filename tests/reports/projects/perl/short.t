print "1..3\nok 1 - first\nok 2 - second\n";
