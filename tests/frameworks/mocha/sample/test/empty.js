// No test in it: nothing to mocha.
