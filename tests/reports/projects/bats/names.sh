#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes a suite whose names no editor would keep.
printf '@test "esc \033[31m bel \007" {\n    printf "bad byte \\377\\n"\n    false\n}\n\n@test "last" {\n    true\n}\n'
