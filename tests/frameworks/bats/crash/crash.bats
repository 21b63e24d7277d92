# SPDX-License-Identifier: MIT

@test "before" { true; }
@test "kills its process" { kill -KILL $$; }
@test "after" { true; }
