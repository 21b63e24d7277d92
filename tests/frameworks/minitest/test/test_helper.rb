# SPDX-License-Identifier: MIT

require "minitest/autorun"
