<?php
// Verifies the tokens on stdin, one a line, and prints the claims of each, or null.
require __DIR__ . '/introspect.php';
$verify = createVerify(...array_slice($argv, 1));
while (($token = fgets(STDIN)) !== false) {
    try {
        echo json_encode($verify(trim($token))), "\n";
    } catch (Exception $error) {
        fwrite(STDERR, $error->getMessage() . "\n");
        echo "null\n";
    }
}
