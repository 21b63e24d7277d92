# SPDX-License-Identifier: MIT

RSpec.describe "outcomes" do
  it("passes") { expect(1 + 1).to eq 2 }
  it("fails", :slow, type: :model) { expect(1 + 1).to eq 3 }
  it("raises") { raise "not an expectation" }
  it("is pending and fails") { pending "later"; expect(1).to eq 2 }
  it("is pending and passes") { pending "later"; expect(1).to eq 1 }
  xit("is skipped") { raise }
  it("skips itself") { skip "found out late" }
  it "has no block"
  it { expect(1).to eq 1 }
  it { expect(2).to eq 2 }

  [1, 1, 2].each do |number|
    it("has a parameter #{number}") { expect(number).to be < 2 }
  end
end

RSpec.describe "fixtures" do
  before(:context) { @count = 10 }

  it("sees what was set up") { expect(@count).to eq 10 }

  context "when they break" do
    before(:context) { raise "no such thing" }
    it("one") { expect(1).to eq 1 }
    it("two") { expect(1).to eq 1 }
  end

  context "when they can't be torn down" do
    after(:context) { raise "cannot clean up" }
    it("one") { expect(1).to eq 1 }
  end
end
