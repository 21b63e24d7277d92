# SPDX-License-Identifier: MIT
"""What plays the pipelines of docs/ci; see tests/ci/stand-in."""
