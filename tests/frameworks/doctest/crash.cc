// SPDX-License-Identifier: MIT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <csignal>
#include <doctest/doctest.h>

TEST_CASE("before")
{
}
TEST_CASE("fails")
{
    FAIL("seen");
}
TEST_CASE("crashes")
{
    raise(SIGSEGV);
}
TEST_CASE("later")
{
}
