// SPDX-License-Identifier: MIT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <string>

TEST_CASE("Pass")
{
    CHECK(1 == 1);
}
TEST_CASE("Fail")
{
    CHECK_MESSAGE(1 == 2, "<&> \"quoted\" ünï ]]>");
}
TEST_CASE("no assertion")
{
}
TEST_CASE("throws")
{
    throw std::string("no std::exception");
}
TEST_CASE("skipped" * doctest::skip())
{
    CHECK(1 == 2);
}
TEST_CASE("fails as it shall" * doctest::should_fail())
{
    CHECK(1 == 2);
}
TEST_CASE("may fail" * doctest::may_fail())
{
    CHECK(1 == 2);
}
TEST_CASE("shall fail and doesn't" * doctest::should_fail())
{
    CHECK(1 == 1);
}

TEST_CASE("subcases")
{
    int depth = 0;

    SUBCASE("one")
    {
        depth++;
        SUBCASE("deep")
        {
            depth++;
        }
        SUBCASE("deep, too")
        {
        }
    }
    SUBCASE("two")
    {
        depth = 5;
    }
    CHECK(depth != 5);
}
TEST_CASE_TEMPLATE("typed", T, char, int)
{
    CHECK(sizeof(T) != sizeof(int));
}
SCENARIO("stories")
{
    GIVEN("a number")
    {
        int number = 1;

        WHEN("it grows")
        {
            number++;
            THEN("it is more")
            {
                CHECK(number == 2);
            }
        }
    }
}
TEST_SUITE("first suite")
{
    TEST_CASE("in a suite")
    {
    }
    TEST_CASE("in both")
    {
    }
}
TEST_SUITE("second, suite")
{
    TEST_CASE("in both")
    {
        CHECK(1 == 2);
    }
}

// What their selection could stumble over.
TEST_CASE("comma, and \"quotes\" and 'more'")
{
}
TEST_CASE("comma")
{
    FAIL("another than 'comma, ...'");
}
TEST_CASE("[brackets] {braces}")
{
}
TEST_CASE("back\\slash\\")
{
}
TEST_CASE("back\\,comma")
{
}
TEST_CASE("ünï")
{
}
TEST_CASE("$(touch x) `touch x` ; touch x")
{
}
TEST_CASE("-dash")
{
}
TEST_CASE("one")
{
}
TEST_CASE("One")
{
    FAIL("another than 'one'");
}
TEST_CASE("*star*")
{
}
TEST_CASE("a *star* in the middle")
{
    FAIL("another than '*star*'");
}
TEST_CASE("which?")
{
}
TEST_CASE("whichX")
{
    FAIL("another than 'which?'");
}
