// Mints a bridge token, verifies it, and revokes it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"hallpass.example/hallpass"
)

func main() {
	ctx, url := context.Background(), os.Getenv("HALLPASS_URL")
	client := hallpass.Client{URL: url, APIKey: os.Getenv("HALLPASS_SECRET_KEY")}
	verifier := hallpass.Verifier{Issuer: url, Kind: "bridge", Accounts: []string{os.Getenv("HALLPASS_ACCOUNT")}}

	config := map[string]interface{}{"config": map[string]string{"processing_method": "inline"}}
	token, err := client.MintBridgeToken(ctx, os.Getenv("CUSTOMER_ID"), "", config)
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(ctx, token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("customer:", claims["sub"])
	introspect(ctx, client, token)

	if err := client.Revoke(ctx, token); err != nil {
		log.Fatal(err)
	}
	introspect(ctx, client, token)
	// the verifier sees it within 30 seconds
	for err == nil {
		time.Sleep(time.Second)
		_, err = verifier.Verify(ctx, token)
	}
	fmt.Println(err)
}

func introspect(ctx context.Context, client hallpass.Client, token string) {
	claims, err := client.Introspect(ctx, token)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("active:", claims != nil)
}
