<?php
// SPDX-License-Identifier: MIT

use PHPUnit\Framework\TestCase;

final class TearDownBreaksTest extends TestCase
{
    public static function tearDownAfterClass(): void
    {
        throw new RuntimeException('cannot clean up');
    }

    public function testOne()
    {
        $this->assertTrue(true);
    }
}
