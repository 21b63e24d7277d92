// SPDX-License-Identifier: MIT
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
#include <string>
#include <vector>

TEST_CASE("Pass", "[fast][core]")
{
    REQUIRE(1 == 1);
}
TEST_CASE("Fail", "[core]")
{
    CHECK(1 == 2);
    FAIL("<&> \"quoted\" ünï ]]>");
}
TEST_CASE("no assertion")
{
}
TEST_CASE("throws")
{
    throw std::string("no std::exception");
}
TEST_CASE("hidden", "[.]")
{
    FAIL("only runs when it is asked for");
}
TEST_CASE("fails as it shall", "[!shouldfail]")
{
    CHECK(1 == 2);
}
TEST_CASE("may fail", "[!mayfail]")
{
    CHECK(1 == 2);
}
TEST_CASE("shall fail and doesn't", "[!shouldfail]")
{
    CHECK(1 == 1);
}

TEST_CASE("sections")
{
    int depth = 0;

    SECTION("one")
    {
        depth++;
        SECTION("deep")
        {
            depth++;
        }
        SECTION("deep, too")
        {
        }
    }
    SECTION("two")
    {
        depth = 5;
    }
    CHECK(depth != 5);
}
TEST_CASE("generated")
{
    auto number = GENERATE(1, 2, 3);

    CHECK(number != 2);
}
TEMPLATE_TEST_CASE("typed", "[template]", int, std::vector<int>, (std::vector<std::string>))
{
    CHECK(sizeof(TestType) != sizeof(int));
}
SCENARIO("stories", "[story]")
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
struct Fixture {
    int number = 1;
};
TEST_CASE_METHOD(Fixture, "with a fixture")
{
    CHECK(number == 1);
}

// What their selection could stumble over.
TEST_CASE("comma, and \"quotes\" and 'more'")
{
}
TEST_CASE("[brackets] not a tag")
{
}
TEST_CASE("back\\slash\\")
{
}
TEST_CASE("ünï")
{
}
TEST_CASE("$(touch x) `touch x` ; touch x")
{
}
TEST_CASE("#hash")
{
}
TEST_CASE("~tilde")
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
