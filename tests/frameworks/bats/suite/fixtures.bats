# SPDX-License-Identifier: MIT

setup_file() { export PREPARED=yes; }

@test "the file was set up" { [ "$PREPARED" = yes ]; }
@test "and still is" { [ "$PREPARED" = yes ]; }
