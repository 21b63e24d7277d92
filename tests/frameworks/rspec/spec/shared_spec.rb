# SPDX-License-Identifier: MIT

RSpec.shared_examples "something empty" do
  it("is empty") { expect(subject).to be_empty }
end

RSpec.describe Array do
  include_examples "something empty"
end

RSpec.describe Hash do
  it_behaves_like "something empty"
end
