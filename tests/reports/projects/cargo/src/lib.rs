//! Outcomes of each kind, and output that XML can't hold.
#[cfg(test)]
mod tests {
    #[test]
    fn plain() {}

    #[test]
    fn fails() {
        println!("printed \x1b[31mred\x1b[0m \x07 ]]>");
        assert_eq!(1, 2);
    }

    #[test]
    #[ignore = "not now"]
    fn ignored() {}

    #[test]
    #[should_panic]
    fn panics() {
        panic!("as expected");
    }
}
