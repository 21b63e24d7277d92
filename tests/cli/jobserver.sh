#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds inside of tasks share the processors of the machine.
. "$(dirname "$0")/lib.sh"
command -v make >/dev/null || skip_all "there is no make"
PROCESSORS=$(nproc)

# Every job says when it begins and ends; what is written at once is not torn.
cat >Makefile <<'MAKE'
JOBS = $(foreach n,1 2 3 4 5 6,$(NAME).$(n))
all: $(JOBS)
$(JOBS):
	@echo + >>log; sleep 0.1; echo - >>log
MAKE
cat >make.yaml <<'YAML'
suites:
  - {name: a, command: [make, -s, NAME=a], jobserver: true}
  - {name: b, command: [make, -s, NAME=b], jobserver: true}
YAML
most_at_a_time() {
    awk '/\+/ { n++; if (n > most) most = n } /-/ { n-- } END { print most }' log
}
few_at_a_time() {
    expect_status 0 && [ "$(grep -c + log)" -eq 12 ] && [ "$(most_at_a_time)" -le "$1" ]
}
run run -f make.yaml --size 1 --report-dir alone
check "one worker: no more jobs than processors" few_at_a_time "$PROCESSORS"
if [ "$PROCESSORS" -gt 1 ]; then
    many_at_a_time() { [ "$(most_at_a_time)" -gt 1 ]; }
    check "but more than one" many_at_a_time
else
    skip "but more than one" "there is one processor"
fi
rm log
run run -f make.yaml --size 2 --report-dir both
check "two workers: all their jobs together are no more" few_at_a_time "$((PROCESSORS > 2 ? PROCESSORS : 2))"

# Tokens that a task took with it to the grave are there again for the next.
cat >take.sh <<'SH'
#!/bin/bash
taken=0
while IFS= read -r -t 0.2 -n 1 -u 3 token && [ "$token" = + ]; do taken=$((taken + 1)); done
echo "$taken" >"$1.taken"
kill -KILL $$
SH
chmod +x take.sh
cat >take.yaml <<'YAML'
suites:
  - {name: first, command: [./take.sh, first], jobserver: true, weight: 2}
  - {name: second, command: [./take.sh, second], jobserver: true, weight: 1}
  - {name: none, command: [sh, -c, '[ ! -e /proc/self/fd/4 ] && [ -z "$MAKEFLAGS" ]']}
YAML
run run -f take.yaml --size 1 --report-dir taken
all_again() {
    [ "$(cat first.taken)" -eq $((PROCESSORS - 1)) ] && cmp first.taken second.taken
}
check "tokens that were taken and not given back" all_again
nothing_without() {
    expect_status 1 && out_has "1 passed, 2 errors"
}
check "a suite that does not want it knows nothing of it" nothing_without
finish
