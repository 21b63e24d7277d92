# SPDX-License-Identifier: MIT
"""unittest makes one failing testcase of a file that can't be imported."""

import there_is_no_such_module  # noqa: F401
