#!/bin/sh
# SPDX-License-Identifier: MIT
# A program in any language, as its first line says.
echo '1..2'
echo 'ok 1 - from a shell'
echo 'ok 2 - ünïcödé ☃ # SKIP no reason'
