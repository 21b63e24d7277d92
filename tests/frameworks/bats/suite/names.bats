# SPDX-License-Identifier: MIT
# bats hands names to bash in double quotes: $HOME and `id` become something else, and those who
# write tests escape quotes. None of this may keep a test from being told from another.

@test "with  two blanks" { true; }
@test 'single quotes and "double" ones' { true; }
@test "escaped \"quotes\"" { true; }
@test "it's a test" { true; }
@test "\$(touch tpsched-was-here)" { true; }
@test "evaluated $((1 + 1)) ${BATS_TEST_NUMBER:+x}" { true; }
@test "# skip in a name" { true; }
@test "in 12ms # skip" { true; }
@test "a * and [x] (y) {z} + ? | ^ $ . \\ end" { true; }
@test "ünïcödé ☃" { true; }
@test "<&>]]> %s %d" { true; }
@test "setup_file failed" { true; }
@test "a" { true; }
@test "aa" { true; }
    @test   "indented"   { true; }
