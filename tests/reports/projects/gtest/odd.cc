// Outcomes of each kind, and messages and parameters that XML can't hold.
#include <gtest/gtest.h>
#include <string>

TEST(Plain, Passes)
{
    RecordProperty("owner", "a & b");
}

TEST(Plain, FailsTwice)
{
    EXPECT_EQ(1, 2) << "first ]]> \x1B[31mred\x1B[0m \x07";
    EXPECT_EQ(3, 4) << "second, bad byte \xFF";
}

TEST(Plain, Skipped)
{
    GTEST_SKIP() << "not now";
}

TEST(Plain, DISABLED_Off)
{
}

class Odd : public testing::TestWithParam<std::string>
{
};

TEST_P(Odd, Name)
{
    EXPECT_NE(GetParam(), "\xC3(");
}

INSTANTIATE_TEST_SUITE_P(All, Odd,
                         testing::Values("plain", "\x1B[31m\x07", "\xC3(", "]]> \xF0\x9F\x98\x80"));
