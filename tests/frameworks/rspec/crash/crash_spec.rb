# SPDX-License-Identifier: MIT

RSpec.describe "crash" do
  it("is before") { expect(1).to eq 1 }
  it("kills its process") { Process.kill(:KILL, Process.pid) }
  it("is after") { expect(1).to eq 1 }
end
