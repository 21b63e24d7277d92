# SPDX-License-Identifier: MIT
#
# Required by rspec (-r), it lets tpsched list the examples and see how each ended.
#
# TPSCHED_LIST=FILE     write one JSON object per example; run nothing
# TPSCHED_JOURNAL=FILE  write one JSON object when an example starts and one when it ends
#
# An id is the file and the full description, since rspec's own ids are places that change when an
# example is added before; those select. RSpec 3 is enough. What is written is ASCII.

require "json"

module Tpsched
  # A binary string, or one with a NUL, has no place in JSON or C.
  def self.printable(text)
    text = text.to_s.dup.force_encoding("UTF-8")
    text.scrub { |bytes| bytes.bytes.map { |byte| format("\\x%02x", byte) }.join }
        .gsub("\0", "\\x00")
  end

  def self.line(entry)
    JSON.generate(entry, ascii_only: true) + "\n"
  end

  # The examples of the files that were loaded, and the ids of all, selected or not.
  class Examples
    attr_reader :selected

    def initialize(groups, world)
      all = groups.flat_map { |group| group.descendants.flat_map(&:examples) }
      @selected = groups.flat_map do |group|
        group.descendants.flat_map { |each| world.filtered_examples[each] }
      end
      @ids = {}.compare_by_identity
      seen = Hash.new(0)
      # What has no description gets one when it has run, from what it expects.
      all.each do |example|
        name = Tpsched.printable("#{file_of(example)}: #{example.full_description}").rstrip
        seen[name] += 1
        @ids[example] = seen[name] == 1 ? name : "#{name}##{seen[name]}"
      end
    end

    def id_of(example)
      @ids[example] || Tpsched.printable(example.id)
    end

    def write(path)
      File.open(path, "w") do |out|
        @selected.each { |example| out << Tpsched.line(describe(example)) }
      end
    end

    private

    def file_of(example)
      example.metadata[:rerun_file_path] || example.metadata[:file_path]
    end

    def describe(example)
      data = example.metadata
      is_here = data[:file_path] == file_of(example)
      {
        id: id_of(example),
        selector: Tpsched.printable(example.id),
        file: Tpsched.printable(file_of(example)),
        line: is_here ? data[:line_number] : 0,
        class: Tpsched.printable(example.example_group.metadata[:full_description]),
        tags: tags_of(data),
      }
    end

    # :slow is the tag "slow", type: :model the tag "type:model", as in rspec --tag
    def tags_of(data)
      own = data.reject do |key, _|
        RSpec::Core::Metadata::RESERVED_KEYS.include?(key) || %i[skip pending].include?(key)
      end
      own = own.select { |_, value| [true, String, Symbol, Numeric].any? { |kind| kind === value } }
      own.map { |key, value| Tpsched.printable(value == true ? key : "#{key}:#{value}") }
         .map { |tag| tag.gsub(/\s+/, "_") }
    end
  end

  class Journal
    EVENTS = %i[example_started example_passed example_failed example_pending message].freeze
    AFTER = /An error occurred in an? [`']after\(:context\)[`'] hook/.freeze

    def initialize(path, examples)
      @out = File.open(path, "w")
      @out.sync = true
      @examples = examples
      @last = nil
    end

    def example_started(notification)
      write(start: @examples.id_of(notification.example))
    end

    def example_passed(notification)
      ended(notification.example, "passed")
    end

    def example_failed(notification)
      lines = notification.respond_to?(:fully_formatted) ? notification.fully_formatted(1) : ""
      why = notification.example.exception
      ended(notification.example, "failed", message: why && why.message, text: lines)
    end

    def example_pending(notification)
      result = notification.example.execution_result
      ended(notification.example, "skipped", message: result.pending_message)
    end

    # What breaks behind the last example of a group is that one's trouble.
    def message(notification)
      return unless @last && AFTER =~ notification.message
      write(end: @last, outcome: "error", text: Tpsched.printable(notification.message))
    end

    private

    def ended(example, outcome, texts = {})
      texts = texts.map { |key, text| [key, Tpsched.printable(text)[-16_384..-1] ||
                                            Tpsched.printable(text)] }.to_h
      seconds = example.execution_result.run_time || 0.0
      @last = @examples.id_of(example)
      write({ end: @last, outcome: outcome, seconds: seconds }.merge(texts))
    end

    def write(entry)
      @out << Tpsched.line(entry.merge(at: Process.clock_gettime(Process::CLOCK_MONOTONIC)))
    end
  end

  module Runner
    def run_specs(groups)
      groups = groups.to_a
      examples = Examples.new(groups, @world)
      if ENV["TPSCHED_LIST"]
        examples.write(ENV["TPSCHED_LIST"])
        return 0
      end
      if ENV["TPSCHED_JOURNAL"]
        journal = Journal.new(ENV["TPSCHED_JOURNAL"], examples)
        @configuration.reporter.register_listener(journal, *Journal::EVENTS)
      end
      super
    end
  end
end

require "rspec/core"
RSpec::Core::Runner.prepend(Tpsched::Runner)
