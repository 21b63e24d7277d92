<?php
// SPDX-License-Identifier: MIT
//
// php tpsched_phpunit.php list LISTING DIRECTORY PHPUNIT... [ARG... PATH]
//     write one JSON object per test
// php tpsched_phpunit.php run JOURNAL DIRECTORY PHPUNIT... [ARG... PATH] [--tpsched-select=FILE]
//     run all tests, or those named in FILE, one JSON object per line, and write one JSON object
//     when a test starts and one when it ends
//
// While PHPUnit runs, its log for TeamCity tells what starts and ends; behind it, its JUnit log
// tells failures from errors. Both, and the list, are files in DIRECTORY. PHP 7.4 is enough.

const HOOK_BROKE = 'Test skipped because of an error in hook method';
const OF_SET = ' with data set ';
const PATTERN_BYTES = 20000; // PCRE compiles no more than 64 KiB, and a letter takes two

function line(array $entry): string
{
    $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES;
    return json_encode($entry, $flags) . "\n";
}

/** How PHPUnit calls a test, with the class in front. */
function id_of(string $class, string $method, string $data = ''): string
{
    return $class . '::' . $method . ($data === '' ? '' : " with data set $data");
}

/** Run a command to its end; $while is called again and again till then. */
function run_command(array $command, callable $while): int
{
    $process = proc_open($command, [STDIN, STDOUT, STDERR], $pipes);
    if ($process === false) {
        fwrite(STDERR, "tpsched: cannot start '$command[0]'\n");
        exit(4);
    }
    do {
        usleep(10000);
        $status = proc_get_status($process);
        $while();
    } while ($status['running']);
    return $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
}

function list_tests(string $listing, string $directory, array $command): int
{
    $file = "$directory/list.xml";
    $status = run_command(array_merge($command, ['--list-tests-xml', $file]), function () {});
    if ($status !== 0 || !file_exists($file)) {
        return $status ?: 4;
    }
    $out = fopen($listing, 'w');
    $xml = simplexml_load_file($file, SimpleXMLElement::class, LIBXML_NONET | LIBXML_PARSEHUGE);
    foreach ($xml->xpath('//testCaseClass/testCaseMethod') as $test) {
        $class = (string) $test->xpath('..')[0]['name'];
        $tags = array_diff(explode(',', (string) $test['groups']), ['default']);
        fwrite($out, line([
            'id' => id_of($class, (string) $test['name'], (string) $test['dataSet']),
            'class' => $class,
            'tags' => array_values(str_replace(' ', '_', $tags)),
        ]));
    }
    return 0;
}

/** Patterns that name these tests and no others; of as many tests each as PCRE can take. */
function patterns(array $ids): array
{
    $patterns = [];
    $names = [];
    $bytes = 0;
    foreach ($ids as $id) {
        [$class, $name] = explode('::', $id, 2);
        [$method, $set] = array_pad(explode(OF_SET, preg_quote($name, '/'), 2), 2, null);
        $length = strlen($set ?? '') + 1;
        $length += isset($names[$class][$method]) ? 0 : strlen($method) + strlen(OF_SET) + 8;
        $length += isset($names[$class]) ? 0 : strlen($class) + 8;
        if ($bytes > 0 && $bytes + $length > PATTERN_BYTES) {
            $patterns[] = pattern($names);
            $names = [];
            $bytes = strlen($class) + strlen($method) + strlen(OF_SET);
        }
        $bytes += $length;
        $names[$class][$method][] = $set;
    }
    $patterns[] = pattern($names);
    return $patterns;
}

/** What names have in common stands there once: PCRE tries one name after the other. */
function pattern(array $names): string
{
    $classes = [];
    foreach ($names as $class => $methods) {
        $of_class = [];
        foreach ($methods as $method => $sets) {
            $named = array_filter($sets, 'is_string');
            $all = '(?:' . OF_SET . '(?:' . implode('|', $named) . '))';
            $all .= count($named) < count($sets) ? '?' : '';
            $of_class[] = $method . ($named ? $all : '');
        }
        $classes[] = preg_quote($class, '/') . '::(?:' . implode('|', $of_class) . ')';
    }
    return '/^(?:' . implode('|', $classes) . ')$/D';
}

class Journal
{
    private $out;
    private $log;
    private $rest = '';
    private $running; // the test, or null
    private $of_test; // its class
    private $outcome;
    private $wanted;      // ids as keys, or null: all
    private $untimed = []; // ends in the log, with their times
    private $broken = []; // classes whose setUpBeforeClass() failed

    public function __construct(string $path, ?array $wanted)
    {
        $this->out = fopen($path, 'w');
        $this->wanted = $wanted === null ? null : array_flip($wanted);
    }

    private function write(array $entry): void
    {
        fwrite($this->out, line($entry));
    }

    /** What the log has got since the last time. */
    public function follow(string $path): void
    {
        clearstatcache();
        if (!$this->log && !($this->log = file_exists($path) ? fopen($path, 'r') : null)) {
            return;
        }
        fseek($this->log, 0, SEEK_CUR); // or its end was seen, and is not looked for again
        while (($read = fgets($this->log)) !== false) {
            $this->rest .= $read;
            if (substr($read, -1) !== "\n") {
                break; // half a line
            }
            if (preg_match("/^##teamcity\\[(\\w+) (.*)\\]$/sD", rtrim($this->rest, "\n"), $found)) {
                $this->see($found[1], self::attributes($found[2]));
            } elseif (strpos($this->rest, '##teamcity[') === 0) {
                continue; // a line end in a name is one in the log
            }
            $this->rest = '';
        }
    }

    public function end_log(): void
    {
        $this->log = null;
        $this->rest = '';
    }

    private static function attributes(string $text): array
    {
        preg_match_all("/(\\w+)='((?:[^'|]|\\|.)*)'/s", $text, $found, PREG_SET_ORDER);
        $attributes = [];
        foreach ($found as [, $name, $value]) {
            $attributes[$name] = preg_replace_callback('/\|(.)/s', function ($code) {
                return ['n' => "\n", 'r' => "\r"][$code[1]] ?? $code[1];
            }, $value);
        }
        return $attributes;
    }

    private function see(string $event, array $with): void
    {
        $name = $with['name'] ?? '';
        if ($name === 'tearDownAfterClass') {
            return; // read_junit() finds whose it is
        }
        if ($event === 'testStarted') {
            // php_qn://FILE::\CLASS::NAME
            $place = $with['locationHint'] ?? '';
            $place = substr($place, 0, -strlen("::$name"));
            $this->of_test = substr($place, strrpos($place, '::\\') + 3);
            $this->outcome = 'passed';
            $this->running = id_of($this->of_test, $name);
            $this->write_wanted(['start' => $this->running]);
        } elseif ($event === 'testFailed') {
            $this->outcome = 'failed';
        } elseif ($event === 'testIgnored') {
            $is_broken = strpos($with['message'] ?? '', HOOK_BROKE) === 0;
            $this->outcome = $is_broken ? 'error' : 'skipped';
            $this->broken += $is_broken ? [$this->of_test => true] : [];
        } elseif ($event === 'testFinished') {
            $this->running = null;
            $end = ['end' => id_of($this->of_test, $name), 'outcome' => $this->outcome];
            $this->write_wanted($end);
            $this->untimed[] = $end + ['seconds' => ($with['duration'] ?? 0) / 1000];
        }
    }

    /** When a class can't be set up, PHPUnit tells so of all its tests, selected or not. */
    private function write_wanted(array $entry): void
    {
        if ($this->wanted === null || isset($this->wanted[$entry['start'] ?? $entry['end']])) {
            $this->write($entry);
        }
    }

    /** Without a JUnit log, milliseconds are all there is. What is said of a test adds up. */
    public function tell_times(): void
    {
        array_map([$this, 'write_wanted'], $this->untimed);
        $this->untimed = [];
        if ($this->running) { // still, and the last one that is named is taken for it
            $this->write_wanted(['start' => $this->running]);
        }
    }

    /** Say it again, as the JUnit log has it, which tells errors and knows microseconds. */
    public function read_junit(string $path, string $warning): void
    {
        $xml = simplexml_load_file($path, SimpleXMLElement::class, LIBXML_NONET | LIBXML_PARSEHUGE);
        $last = null;
        $this->untimed = [];
        foreach ($xml ? $xml->xpath('//testcase') : [] as $test) {
            $name = (string) $test['name'];
            $end = ['end' => id_of((string) $test['class'], $name), 'outcome' => 'passed'];
            $end['seconds'] = (float) $test['time'];
            $words = ['warning' => $warning, 'skipped' => 'skipped', 'failure' => 'failed',
                'error' => 'error'];
            foreach ($words as $element => $outcome) {
                foreach ($test->$element as $found) {
                    $end['outcome'] = $outcome;
                    $end['text'] = substr((string) $found, 0, 16384);
                }
            }
            if ($name === 'tearDownAfterClass' && $last) {
                // What breaks behind the last test of a class is that one's trouble.
                $end = ['end' => $last, 'outcome' => 'error'] + $end;
            }
            if (!isset($this->broken[(string) $test['class']])) {
                $this->write($end);
                $last = $end['end'];
            } elseif ($end['outcome'] === 'error') {
                $this->write_wanted($end);
            }
        }
    }
}

/** Whether the command or the configuration that it reads says so. */
function warnings_fail(array $command): bool
{
    $files = ['phpunit.xml', 'phpunit.xml.dist'];
    foreach ($command as $place => $word) {
        if ($word === '--fail-on-warning') {
            return true;
        } elseif ($word === '-c' || $word === '--configuration') {
            $path = $command[$place + 1] ?? '';
        } elseif (strpos($word, '--configuration=') === 0) {
            $path = substr($word, strlen('--configuration='));
        }
    }
    if (isset($path) && !is_dir($path)) {
        $files = [$path];
    } elseif (isset($path)) {
        $files = ["$path/phpunit.xml", "$path/phpunit.xml.dist"];
    }
    $found = array_values(array_filter($files, 'is_file'));
    $text = $found ? file_get_contents($found[0]) : '';
    return preg_match('/<phpunit\b[^>]*\bfailOnWarning\s*=\s*["\'](true|1)["\']/i', $text) === 1;
}

function run_tests(string $journal, string $directory, array $command): int
{
    $patterns = [''];
    $last = end($command);
    if (strpos($last, '--tpsched-select=') === 0) {
        array_pop($command);
        $lines = file(substr($last, strlen('--tpsched-select=')));
        $ids = array_map(function ($line) {
            return json_decode($line, true)['id'];
        }, $lines);
        $patterns = patterns($ids);
    }
    $journal = new Journal($journal, $ids ?? null);
    $warning = warnings_fail($command) ? 'failed' : 'passed';
    $worst = 0;
    foreach ($patterns as $number => $pattern) {
        $log = "$directory/teamcity-$number.txt";
        $junit = "$directory/junit-$number.xml";
        $more = ['--do-not-cache-result', '--log-teamcity', $log, '--log-junit', $junit];
        $more = array_merge($more, $pattern === '' ? [] : ['--filter', $pattern]);
        array_map('unlink', array_filter([$log, $junit], 'file_exists'));
        $worst = max($worst, run_command(array_merge($command, $more), function () use ($journal, $log) {
            $journal->follow($log);
        }));
        $journal->end_log();
        if (file_exists($junit) && filesize($junit) > 0) {
            $journal->read_junit($junit, $warning);
        } else {
            $journal->tell_times();
        }
    }
    return $worst;
}

[, $verb, $file, $directory] = $argv;
exit(($verb === 'list' ? 'list_tests' : 'run_tests')($file, $directory, array_slice($argv, 4)));
