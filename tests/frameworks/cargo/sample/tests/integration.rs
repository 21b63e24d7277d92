// SPDX-License-Identifier: MIT

#[test]
fn passes() {
    assert_eq!(sample::one(), 1);
}

#[test]
fn knows_its_package() {
    let directory = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    assert_eq!(std::path::Path::new(&directory), std::env::current_dir().unwrap());
    assert_eq!(std::env::var("CARGO_PKG_DESCRIPTION").unwrap(), "two lines,\nwith 'quotes'");
}
