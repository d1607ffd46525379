// Mints tokens of two declared kinds: verifies one offline, and uses the other up.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"hallpass.example/hallpass"
)

func main() {
	ctx, url := context.Background(), os.Getenv("HALLPASS_URL")
	client := hallpass.Client{URL: url, APIKey: os.Getenv("HALLPASS_SECRET_KEY")}
	file, err := os.ReadFile(os.Getenv("DECLARATION"))
	var declaration hallpass.Declaration
	if err == nil {
		err = json.Unmarshal(file, &declaration)
	}
	check(err)
	verifier := hallpass.Verifier{
		Issuer: url, Kind: "report-embed", Accounts: []string{os.Getenv("HALLPASS_ACCOUNT")}, Declaration: &declaration,
	}

	rows := map[string]any{"rows": []string{"eu"}}
	more := map[string]any{"resource": "report_7", "actions": []string{"view"}, "claims": rows}
	report, err := client.MintToken(ctx, "report-embed", "user_42", "", more)
	check(err)
	claims, err := verifier.VerifyFor(ctx, report, hallpass.Required{Action: "view", Resource: "report_7"})
	check(err)
	fmt.Println("rows:", claims["claims"].(map[string]any)["rows"])
	_, err = verifier.VerifyFor(ctx, report, hallpass.Required{Action: "export", Resource: "report_7"})
	fmt.Println(err)

	talk := hallpass.Required{Action: "talk"}
	call, err := client.MintToken(ctx, "voice-agent", "user_42", "", map[string]any{"claims": map[string]any{"voice": "sage"}})
	check(err)
	redeemed, err := client.Redeem(ctx, call, "voice-agent", "", talk)
	check(err)
	fmt.Println("uses left:", redeemed["uses_left"])
	_, err = client.Redeem(ctx, call, "voice-agent", "", talk)
	fmt.Println(err)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
