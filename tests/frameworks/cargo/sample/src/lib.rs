// SPDX-License-Identifier: MIT

//! A sample with every way a test of libtest can end.

/// Examples in the documentation are no testcases of tpsched.
///
/// ```
/// panic!();
/// ```
pub fn one() -> i32 {
    1
}

#[cfg(test)]
mod tests {
    #[test]
    fn passes() {
        assert_eq!(super::one(), 1);
    }

    #[test]
    fn passes_too() {
        println!("{{ \"type\": \"test\", \"name\": \"tests::fails\", \"event\": \"ok\" }}");
    }

    #[test]
    fn fails() {
        assert_eq!(super::one(), 2, "quotes \" and $(touch tpsched-was-here)");
    }

    #[test]
    fn is_an_error() -> Result<(), String> {
        Err("no".to_string())
    }

    #[test]
    #[ignore = "takes too long"]
    fn is_ignored() {
        panic!();
    }

    #[test]
    #[should_panic(expected = "on purpose")]
    fn panics_as_expected() {
        panic!("on purpose");
    }

    #[test]
    #[should_panic]
    fn does_not_panic() {}

    mod nested {
        #[test]
        fn passes() {}

        #[test]
        fn ünïcödé() {}

        #[test]
        fn r#match() {}
    }
}
