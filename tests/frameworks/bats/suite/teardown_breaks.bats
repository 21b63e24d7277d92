# SPDX-License-Identifier: MIT

teardown_file() { false; }

@test "one" { true; }
