# SPDX-License-Identifier: MIT
#
# perl tpsched_prove.pl [--tpsched-list FILE | [--tpsched-select FILE] --tpsched-journal FILE]
#                       [OPTION OF PROVE...] [PATH...]
#
# Is prove, and lets tpsched list the test files, run exactly some of them, and see how each point
# of them ended:
#
# --tpsched-list FILE     write one JSON object per test file; run nothing
# --tpsched-select FILE   run only the files named there, one JSON object per line
# --tpsched-journal FILE  write one JSON object when a file starts, and when it or a point ends
#
# Perl 5.14 is enough: everything is in its core. What is written is ASCII.

use strict;
use warnings;

package Tpsched;

use Encode ();
use JSON::PP ();
use Time::HiRes ();

my $json = JSON::PP->new->ascii->canonical;

# Names are bytes; those that are not UTF-8 are named by their escapes.
sub printable {
    my $bytes = shift;
    return '' unless defined $bytes;
    utf8::encode($bytes) if utf8::is_utf8($bytes);
    my $text = Encode::decode('UTF-8', $bytes, Encode::FB_PERLQQ);
    $text =~ s/\0/\\x{00}/g;
    return $text;
}

sub write_to {
    my ($path) = @_;
    open my $out, '>', $path or die "cannot write '$path': $!\n";
    $out->autoflush(1);
    return $out;
}

sub now {
    my $clock = eval { Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) };
    return defined $clock ? $clock : Time::HiRes::time();
}

package Tpsched::Harness;

use IO::Handle;
use TAP::Harness;
our @ISA = ('TAP::Harness');

our ($list, $select, $journal);
my $bailed_out; # and why

sub name_of {
    my $test = shift;
    return Tpsched::printable(ref $test ? $test->[0] : $test);
}

sub runtests {
    my ($self, @tests) = @_;
    if ($list) {
        my $out = Tpsched::write_to($list);
        for (map { name_of($_) } @tests) {
            print $out $json->encode({ id => $_, file => $_ }), "\n";
        }
        exit(@tests ? 0 : 5);
    }
    if ($select) {
        open my $in, '<', $select or die "cannot read '$select': $!\n";
        my $utf8 = JSON::PP->new->utf8;
        my %wanted = map { $utf8->decode($_)->{id} => 1 } <$in>;
        @tests = grep { $wanted{ name_of($_) } } @tests;
    }
    if ($journal) {
        my $out = Tpsched::write_to($journal);
        $self->callback(made_parser => sub { watch($out, @_) });
        $self->callback(after_test  => sub { file_ended($out, @_) });
    }
    return $self->SUPER::runtests(@tests);
}

sub note {
    my ($out, %entry) = @_;
    $entry{$_} = Tpsched::printable($entry{$_}) for grep { exists $entry{$_} } qw(case message text);
    print $out $json->encode({ %entry, at => Tpsched::now() }), "\n";
}

sub watch {
    my ($out, $parser, $test) = @_;
    my $id = name_of($test);
    my $before = Tpsched::now();
    note($out, start => $id);
    $parser->callback(test => sub {
        my $now = Tpsched::now();
        point_ended($out, $id, shift, $now - $before);
        $before = $now;
    });
    $parser->callback(bailout => sub { $bailed_out = shift->explanation });
}

sub point_ended {
    my ($out, $id, $point, $seconds) = @_;
    my $name = $point->description;
    $name =~ s/^- //;
    my $outcome = $point->is_ok ? 'passed' : 'failed';
    # What is still to be done may fail; that it failed is no pass.
    $outcome = 'skipped' if $point->has_skip || ($point->has_todo && !$point->is_actual_ok);
    my $why = $point->directive ? $point->directive . ' ' . $point->explanation : '';
    note($out, end => $id, case => length $name ? $name : 'test ' . $point->number,
        outcome => $outcome, seconds => $seconds, message => $why);
}

sub file_ended {
    my ($out, $test, $parser) = @_;
    my @trouble = defined $bailed_out ? "Bail out! $bailed_out" : ();
    push @trouble, $parser->parse_errors;
    my $signal = $parser->wait & 127;
    push @trouble, "killed by signal $signal" if $signal;
    push @trouble, 'exit status ' . $parser->exit if $parser->exit && !$signal;
    my $is_broken = $signal || defined $bailed_out;
    my $outcome = $parser->failed && !$is_broken ? 'failed' : @trouble ? 'error' : 'passed';
    my $message = join '; ', @trouble;
    if ($outcome eq 'passed' && $parser->skip_all) {
        ($outcome, $message) = ('skipped', $parser->skip_all);
    }
    note($out, end => name_of($test), outcome => $outcome, message => $message,
        seconds => $parser->end_time - $parser->start_time);
}

package main;

use App::Prove;

my %place = (
    '--tpsched-list' => \$Tpsched::Harness::list,
    '--tpsched-select' => \$Tpsched::Harness::select,
    '--tpsched-journal' => \$Tpsched::Harness::journal,
);
my @rest;
while (@ARGV) {
    my $argument = shift @ARGV;
    if (my $place = $place{$argument}) {
        $$place = shift @ARGV;
    } else {
        push @rest, $argument;
    }
}

$INC{'Tpsched/Harness.pm'} = __FILE__;
my $app = App::Prove->new;
$app->process_args(@rest);
$app->harness('Tpsched::Harness');
$app->jobs(1); # parts are what runs at the same time
exit($app->run ? 0 : 1);
