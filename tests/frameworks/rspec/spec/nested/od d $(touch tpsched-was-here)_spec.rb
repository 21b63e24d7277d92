# SPDX-License-Identifier: MIT

NAMES = [
  "with blanks", " blank at both ends", "quotes ' and \"", "$(touch tpsched-was-here)",
  "`touch tpsched-was-here`", "a * and a ?", "[1:1,1:2]", "ünïcödé ☃", "back\\slash",
  "new\nline", "tab\tand :: colons", "<&>]]>", "%s {braces} {{two}}", "#2", "x" * 300
].freeze

RSpec.describe "names" do
  NAMES.each do |name|
    it(name) { |example| expect(example.description).to eq name }

    context name do
      it(name) { expect(1).to eq 1 }
    end
  end
end
