<?php
// SPDX-License-Identifier: MIT

use PHPUnit\Framework\TestCase;

final class OutcomesTest extends TestCase
{
    public function testPasses()
    {
        $this->assertTrue(true);
        return 'made by testPasses';
    }

    /** @depends testPasses */
    public function testDepends($what)
    {
        $this->assertSame('made by testPasses', $what);
    }

    public function testFails()
    {
        $this->assertSame(1, 2);
    }

    /** @depends testFails */
    public function testDependsOnAFailure()
    {
        $this->assertTrue(true);
    }

    public function testThrows()
    {
        throw new RuntimeException('not an assertion');
    }

    public function testSkips()
    {
        $this->markTestSkipped('not today');
    }

    public function testIsIncomplete()
    {
        $this->markTestIncomplete('not yet');
    }

    public function testAssertsNothing()
    {
    }

    public function testWarns()
    {
        $this->addWarning('this will be gone soon');
        $this->assertTrue(true);
    }

    /** @group slow */
    public function testInAGroup()
    {
        $this->assertTrue(true);
    }
}
