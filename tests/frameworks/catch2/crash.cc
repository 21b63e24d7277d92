// SPDX-License-Identifier: MIT
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
#include <csignal>

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
TEST_CASE("after")
{
}
