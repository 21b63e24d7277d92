# SPDX-License-Identifier: MIT
#
# ruby tpsched_minitest.rb [--tpsched-list FILE | [--tpsched-select FILE] --tpsched-journal FILE]
#                          PATH... [OPTION OF MINITEST...]
#
# Loads test files (of a directory: test_*.rb and *_test.rb, below it), and lets tpsched list the
# tests, run exactly some of them, and see how each ended:
#
# --tpsched-list FILE     write one JSON object per test; run nothing
# --tpsched-select FILE   run only the tests named there, one JSON object per line
# --tpsched-journal FILE  write one JSON object when a test starts and one when it ends
#
# Classes run in the order they are loaded in, and tests in the order the seed gives: that of the
# variable SEED, else 0. So a part runs its tests in the order in which all of them run.
# Minitest 5.10 is enough. What is written is ASCII.

require "json"

module Tpsched
  OPTIONS = %w[--tpsched-list --tpsched-select --tpsched-journal].freeze

  class << self
    attr_reader :wanted, :journal

    # A name that is not UTF-8, or has a NUL, has no place in JSON or C.
    def printable(text)
      text = text.to_s.dup.force_encoding("UTF-8")
      text.scrub { |bytes| bytes.bytes.map { |byte| format("\\x%02x", byte) }.join }
          .gsub("\0", "\\x00")
    end

    def id_of(name, method)
      printable("#{name}##{method}")
    end

    def line(entry)
      JSON.generate(entry, ascii_only: true) + "\n"
    end

    def start
      options = take_options
      if options["--tpsched-select"]
        entries = File.readlines(options["--tpsched-select"]).map { |each| JSON.parse(each) }
        @wanted = entries.map { |entry| [entry["id"], true] }.to_h
        files = entries.map { |entry| entry["file"] }.uniq
      end
      @journal = options["--tpsched-journal"]
      @paths = take_paths
      require_minitest
      load_files(files || @paths)
      return write_list(options["--tpsched-list"]) if options["--tpsched-list"]
      keep_wanted
      Minitest.autorun
    end

    # The classes with tests, and the file that made each of them be there.
    def classes
      @classes ||= {}
    end

    private

    def take_options
      OPTIONS.map do |option|
        place = ARGV.index(option)
        [option, place && ARGV.slice!(place, 2)[1]]
      end.to_h
    end

    def take_paths
      paths = ARGV.take_while { |argument| !argument.start_with?("-") }
      ARGV.shift(paths.size)
      paths.flat_map { |path| File.directory?(path) ? tests_below(path) : [path] }
    end

    def tests_below(path)
      files = Dir.glob("**/*.rb", base: path).sort
      files.select { |file| file =~ %r{(\A|/)test_[^/]*\.rb\z|_test\.rb\z} }
           .map { |file| path == "." ? file : File.join(path, file) }
    end

    def require_minitest
      require "minitest"
      # Parts are what runs at the same time.
      Minitest.parallel_executor = Minitest::Parallel::Executor.new(1)
      Minitest.seed = (ENV["SEED"] || 0).to_i
      ARGV.push("--seed", Minitest.seed.to_s) unless ARGV.include?("--seed") || ARGV.include?("-s")
      Minitest.singleton_class.prepend(InOrder)
      Minitest.extensions << "tpsched"
    end

    def load_files(files)
      files.each do |file|
        require File.expand_path(file)
        Minitest::Runnable.runnables.each { |each| classes[each] ||= file }
      end
    end

    def write_list(path)
      File.open(path, "w") do |out|
        classes.each do |each, file|
          each.runnable_methods.each { |method| out << line(describe(each, method, file)) }
        end
      end
      $stdout.flush
      exit!(0) # or what the test files asked for runs now
    end

    def describe(each, method, file)
      place, number = each.instance_method(method).source_location
      number = 0 unless place == File.expand_path(file)
      { id: id_of(each.name, method), class: printable(each.name), file: printable(file),
        line: number || 0 }
    end

    def keep_wanted
      return unless wanted
      kept = classes.keys.map do |each|
        [each, each.runnable_methods.select { |method| wanted[id_of(each.name, method)] }]
      end
      kept.each { |each, methods| each.define_singleton_method(:runnable_methods) { methods } }
    end
  end

  module InOrder
    def __run(reporter, options)
      Tpsched.classes.keys.each { |each| each.run(reporter, options) }
    end
  end

  class Journal
    def initialize(path)
      @out = File.open(path, "w")
      @out.sync = true
      @is_good = true
    end

    def start; end

    def report; end

    def passed?
      @is_good
    end

    def prerecord(each, method)
      write(start: Tpsched.id_of(each.name, method))
    end

    def record(result)
      name = result.respond_to?(:klass) ? result.klass : result.class.name
      entry = { end: Tpsched.id_of(name, result.name), outcome: outcome_of(result) }
      entry[:seconds] = result.time
      entry[:message] = Tpsched.printable(result.failure.message) if result.failure
      entry[:text] = Tpsched.printable(result.to_s)[0, 16_384] if result.failure
      write(entry)
    end

    private

    def outcome_of(result)
      return "skipped" if result.skipped?
      return "passed" if result.passed?
      result.error? ? "error" : "failed"
    end

    def write(entry)
      @out << Tpsched.line(entry.merge(at: Process.clock_gettime(Process::CLOCK_MONOTONIC)))
    end
  end
end

module Minitest
  def self.plugin_tpsched_init(_options)
    reporter << Tpsched::Journal.new(Tpsched.journal) if Tpsched.journal
  end
end

Tpsched.start
