// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

TEST(Plain, Pass)
{
}
TEST(Plain, Fail)
{
    EXPECT_EQ(1, 2);
}
TEST(Plain, Skip)
{
    GTEST_SKIP() << "not here";
}
TEST(Plain, DISABLED_Never)
{
    FAIL();
}

template <typename T> class Typed : public testing::Test
{
};
using Types = testing::Types<int, char *>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, Holds)
{
}

class Many : public testing::TestWithParam<int>
{
};
TEST_P(Many, Number)
{
}
INSTANTIATE_TEST_SUITE_P(Range, Many, testing::Range(0, 20000));

class Odd : public testing::TestWithParam<int>
{
};
TEST_P(Odd, Number)
{
    EXPECT_NE(GetParam(), 1);
}
INSTANTIATE_TEST_SUITE_P(Few, Odd, testing::Range(0, 3));

TEST(Crash, Before)
{
    std::cout << "no line end";
}
TEST(Crash, Fails)
{
    FAIL() << "seen";
}
TEST(Crash, Here)
{
    std::abort();
}
TEST(Crash, After)
{
}
