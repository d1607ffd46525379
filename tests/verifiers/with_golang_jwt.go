package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// createVerify returns a function that verifies a token and returns its claims.
func createVerify(issuer, audience, jwksURI, algorithm string) func(string) (jwt.MapClaims, error) {
	keys := &keySet{uri: jwksURI}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}))
	return func(text string) (jwt.MapClaims, error) {
		claims := jwt.MapClaims{}
		if _, err := parser.ParseWithClaims(text, claims, keys.find); err != nil {
			return nil, err
		}
		// the parser accepts tokens without these claims
		now := time.Now().Unix()
		if !claims.VerifyIssuer(issuer, true) || !claims.VerifyAudience(audience, true) || !claims.VerifyExpiresAt(now, true) {
			return nil, errors.New("the issuer, audience or expiry is invalid")
		}
		return claims, nil
	}
}

type keySet struct {
	uri     string
	mutex   sync.Mutex
	keys    map[string]interface{}
	fetched time.Time
}

// find returns the key of a token. For an unknown key, it fetches the keys again, but only every 5 seconds.
func (set *keySet) find(token *jwt.Token) (interface{}, error) {
	set.mutex.Lock()
	defer set.mutex.Unlock()
	id, _ := token.Header["kid"].(string)
	age := time.Since(set.fetched)
	if (set.keys[id] == nil && age > 5*time.Second) || age > 10*time.Minute {
		set.fetched = time.Now()
		if err := set.fetch(); err != nil && set.keys == nil {
			return nil, err
		}
	}
	if key := set.keys[id]; key != nil {
		return key, nil
	}
	return nil, fmt.Errorf("the key %q is unknown", id)
}

func (set *keySet) fetch() error {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(set.uri)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var document struct{ Keys []map[string]interface{} }
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the key set has status %d", response.StatusCode)
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, response.Body, 1_000_000)).Decode(&document); err != nil {
		return err
	}
	keys := map[string]interface{}{}
	for _, jwk := range document.Keys {
		if key := publicKey(jwk); key != nil {
			keys[fmt.Sprint(jwk["kid"])] = key
		}
	}
	set.keys = keys
	return nil
}

func publicKey(jwk map[string]interface{}) interface{} {
	bytes := func(name string) []byte {
		decoded, _ := base64.RawURLEncoding.DecodeString(fmt.Sprint(jwk[name]))
		return decoded
	}
	number := func(name string) *big.Int { return new(big.Int).SetBytes(bytes(name)) }
	switch fmt.Sprint(jwk["kty"], " ", jwk["crv"]) {
	case "EC P-256":
		return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number("x"), Y: number("y")}
	case "RSA <nil>":
		return &rsa.PublicKey{N: number("n"), E: int(number("e").Int64())}
	case "OKP Ed25519":
		return ed25519.PublicKey(bytes("x"))
	}
	return nil
}
