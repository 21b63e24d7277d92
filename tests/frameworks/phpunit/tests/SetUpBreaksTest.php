<?php
// SPDX-License-Identifier: MIT

use PHPUnit\Framework\TestCase;

final class SetUpBreaksTest extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        throw new RuntimeException('no such thing');
    }

    public function testOne()
    {
        $this->assertTrue(true);
    }

    public function testTwo()
    {
        $this->assertTrue(true);
    }
}
