// No test in it: jest takes that for a failure.
