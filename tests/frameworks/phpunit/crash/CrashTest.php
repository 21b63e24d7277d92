<?php
// SPDX-License-Identifier: MIT

use PHPUnit\Framework\TestCase;

final class CrashTest extends TestCase
{
    public function testBefore()
    {
        $this->assertTrue(true);
    }

    public function testExits()
    {
        exit(3);
    }

    public function testAfter()
    {
        $this->assertTrue(true);
    }
}
