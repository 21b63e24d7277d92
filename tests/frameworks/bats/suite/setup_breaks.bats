# SPDX-License-Identifier: MIT

setup_file() { false; }

@test "one" { true; }
@test "two" { true; }
