<?php
// Outcomes of each kind, and names and messages that XML can't hold.

use PHPUnit\Framework\TestCase;

final class OddTest extends TestCase
{
    public function testPass(): void
    {
        $this->assertTrue(true);
    }

    public function testFail(): void
    {
        $this->assertSame("a\x1b]]>", "b\x07", 'red <&');
    }

    public function testError(): void
    {
        throw new RuntimeException("broken \x1b[31m \x07 \xff");
    }

    public function testSkipped(): void
    {
        $this->markTestSkipped('not now');
    }

    public function testIncomplete(): void
    {
        $this->markTestIncomplete('later');
    }

    public function testRisky(): void
    {
    }

    /** @dataProvider names */
    public function testName(string $name): void
    {
        $this->assertNotSame('bad', $name);
    }

    public function names(): array
    {
        return ["plain" => ['a'], "esc \x1b[31m bel \x07" => ['b'], ']]> & < 😀' => ['bad'], "bad byte \xff" => ['c']];
    }
}
