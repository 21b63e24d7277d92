<?php
// SPDX-License-Identifier: MIT

namespace App\Tests;

use PHPUnit\Framework\TestCase;

final class NamesTest extends TestCase
{
    /** @dataProvider names */
    public function testNamed($name)
    {
        $this->assertSame($name, $this->dataName());
    }

    public function names()
    {
        $names = ['with blanks', 'quotes \' and "', '$(touch tpsched-was-here)', 'a * [x] (y)|z$',
            'slash / and # and back\\slash', 'ünïcödé ☃', '<&>]]>', '%s {braces} {{two}}',
            'a', 'aa', '|n and || of TeamCity', "it's ']", str_repeat('x', 300)];
        foreach ($names as $name) {
            yield $name => [$name];
        }
    }

    /** @dataProvider numbers */
    public function testNumbered($number)
    {
        $this->assertLessThan(3, $number);
    }

    public function numbers()
    {
        return [[1], [2], [3]];
    }
}
