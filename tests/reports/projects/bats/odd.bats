@test "plain" {
    true
}

@test "fails" {
    printf 'printed \033[31mred \007 ]]> <&\n'
    false
}

@test "skipped" {
    skip "not now"
}

@test "]]> & < 😀" {
    true
}
