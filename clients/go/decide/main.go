// Prints the verdict of each case of docs/vectors/token-cases.json as JSON: decide FILE.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"
	"time"

	"hallpass.example/hallpass"
)

type document struct {
	Issuer, Account, Feed string
	Now                   int64
	Jwks                  json.RawMessage
	Declarations          []*hallpass.Declaration
	Cases                 []struct {
		Name, Kind, Token, Audience, Account, Action, Resource string

		AllowUnspent bool `json:"allow_unspent"`
		Feed         *string
		Now          int64
	}
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	var table document
	if err == nil {
		err = json.Unmarshal(text, &table)
	}
	if err != nil {
		log.Fatal(err)
	}
	declarations := map[string]*hallpass.Declaration{}
	for _, declaration := range table.Declarations {
		declarations[declaration.Name] = declaration
	}
	verdicts := map[string]string{}
	for _, one := range table.Cases {
		account, now, feed := table.Account, table.Now, table.Feed
		if one.Account != "" {
			account = one.Account
		}
		if one.Now != 0 {
			now = one.Now
		}
		if one.Feed != nil {
			feed = *one.Feed
		}
		verifier := hallpass.Verifier{
			Issuer: table.Issuer, Kind: one.Kind, Accounts: []string{account}, Audience: one.Audience,
			Declaration: declarations[one.Kind], AllowUnspent: one.AllowUnspent,
			Now: func() time.Time { return time.UnixMilli(now) },
			Get: func(_ context.Context, path string, _ int64) ([]byte, error) {
				if strings.HasSuffix(path, "/jwks.json") {
					return table.Jwks, nil
				}
				return []byte(feed), nil
			},
		}
		verdicts[one.Name] = "ok"
		required := hallpass.Required{Action: one.Action, Resource: one.Resource}
		if _, err := verifier.VerifyFor(context.Background(), one.Token, required); err != nil {
			verdicts[one.Name] = strings.TrimPrefix(err.Error(), "the token is refused: ")
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}
