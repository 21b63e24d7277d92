# SPDX-License-Identifier: MIT

require "test_helper"

class OutcomesTest < Minitest::Test
  i_suck_and_my_tests_are_order_dependent!

  def setup
    @ready = true
  end

  def test_passes
    assert @ready
  end

  def test_fails
    assert_equal 3, 1 + 1
  end

  def test_raises
    raise ArgumentError, "not an assertion"
  end

  def test_skips
    skip "not today"
  end

  def test_asserts_nothing; end

  [1, 2, 3].each do |number|
    define_method("test_parameter_#{number}") { assert_operator number, :<, 3 }
  end
end

class InheritsTest < OutcomesTest
  undef_method :test_fails
  undef_method :test_raises
end

class ParallelTest < Minitest::Test
  parallelize_me!

  def test_one
    assert true
  end
end

class TeardownTest < Minitest::Test
  def teardown
    raise "cannot clean up"
  end

  def test_one
    assert true
  end
end
