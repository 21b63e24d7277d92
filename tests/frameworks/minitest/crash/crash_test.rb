# SPDX-License-Identifier: MIT

require "minitest/autorun"

class CrashTest < Minitest::Test
  i_suck_and_my_tests_are_order_dependent!

  def test_a_before
    assert true
  end

  def test_b_kills_its_process
    Process.kill(:KILL, Process.pid)
  end

  def test_c_after
    assert true
  end
end
