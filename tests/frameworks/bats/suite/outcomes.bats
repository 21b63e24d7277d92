# SPDX-License-Identifier: MIT
# bats file_tags=all

setup() { ready=yes; }

@test "passes" { [ "$ready" = yes ]; }

# bats test_tags=slow, database
@test "fails" {
    echo "what it printed"
    echo "# ok 99 what it said on descriptor 3" >&3
    false
}

@test "is skipped" { skip "because # of that"; }

@test "is skipped without a reason" { skip; }

@test "leaves early" { exit 0; }

function as_a_function { # @test
    [ "$ready" = yes ]
}

@test unquoted_name { true; }
