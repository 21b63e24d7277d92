# SPDX-License-Identifier: MIT

require "minitest/autorun"

module Nested
  class NamesTest < Minitest::Test
    i_suck_and_my_tests_are_order_dependent!

    NAMES = [
      "with blanks", " blank at both ends ", "quotes ' and \"", "$(touch tpsched-was-here)",
      "`touch tpsched-was-here`", "a * and a ?", "[x] (y)|z$", "ünïcödé ☃", "back\\slash",
      "new\nline", "tab\tand # :: colons", "<&>]]>", "%s {braces} {{two}}", "#2", "", "x" * 300
    ].freeze

    NAMES.each do |name|
      define_method("test_#{name}") { assert_equal "test_#{name}", self.name }
    end
  end
end

describe "a spec" do
  i_suck_and_my_tests_are_order_dependent!

  before { @ready = true }

  it("passes, with $(blanks)") { _(@ready).must_equal true }
  it("fails") { _(@ready).must_equal false }

  describe "inside" do
    it("passes") { _(@ready).must_equal true }
  end
end
