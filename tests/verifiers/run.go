// Verifies the tokens on stdin, one a line, and prints the claims of each, or null.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	verify := createVerify(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		claims, err := verify(lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			claims = nil
		}
		line, _ := json.Marshal(claims)
		fmt.Println(string(line))
	}
}
