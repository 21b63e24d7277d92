# SPDX-License-Identifier: MIT
"""nikic/php-parser, from Debian's source package."""

import results
from catalogue import Suite
from fetch import source

LOADER = """<?php
spl_autoload_register(function ($class) {
    foreach (['lib/', 'test/'] as $folder) {
        $file = __DIR__ . '/../' . $folder . strtr($class, '\\\\', '/') . '.php';
        if (strncmp($class, 'PhpParser\\\\', 10) === 0 && is_file($file)) {
            require $file;
            return;
        }
    }
});
"""

# NodeTraverserTest is left out: its data providers make objects that throw when they end unused,
# so even `phpunit --list-tests` breaks down.
CONFIGURATION = """<?xml version="1.0"?>
<phpunit backupGlobals="false" beStrictAboutTestsThatDoNotTestAnything="false"
         bootstrap="./test/bootstrap.php">
  <testsuites>
    <testsuite name="all">
      <directory>./test/</directory>
      <exclude>./test/PhpParser/NodeTraverserTest.php</exclude>
    </testsuite>
  </testsuites>
</phpunit>
"""


def suite(work, size):
    top = work / "php-parser"

    def get(log):
        source(work, "php-parser", top)
        (top / "vendor").mkdir(exist_ok=True)
        (top / "vendor" / "autoload.php").write_text(LOADER)
        (top / "phpunit.xml").write_text(CONFIGURATION)

    return Suite(
        framework="phpunit",
        packages=["php-cli", "php-xml", "phpunit"],
        read=results.of_phpunit,
        directory=top,
        serial=["phpunit", "--log-junit", "{report}"],
        parallel={},
        plan=[{"framework": "phpunit"}],
        get=get,
    )
