// SPDX-License-Identifier: MIT

fn main() {}

#[test]
fn passes() {}
