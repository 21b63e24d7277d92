# SPDX-License-Identifier: MIT

@test "passes" { true; }
@test "fails" { false; }
