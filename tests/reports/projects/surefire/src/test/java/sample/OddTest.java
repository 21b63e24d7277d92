// Outcomes of each kind, and names and messages that XML can't hold.
package sample;

import org.junit.Assert;
import org.junit.Assume;
import org.junit.Ignore;
import org.junit.Test;

public class OddTest {
    private static int tries;

    @Test
    public void passes() {
        System.out.println("printed \u001b[31mred\u001b[0m \u0007 ]]> \ud83d\ude00");
    }

    @Test
    public void fails() {
        Assert.assertEquals("a\u001b]]>", "b\u0007");
    }

    @Test
    public void breaks() {
        throw new IllegalStateException("broken <&");
    }

    @Test
    public void flaky() {
        Assert.assertEquals(2, ++tries);
    }

    @Test
    @Ignore("not now")
    public void ignored() {
    }

    @Test
    public void assumes() {
        Assume.assumeTrue("not here", false);
    }
}
