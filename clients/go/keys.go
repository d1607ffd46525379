package hallpass

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
)

type publicKey struct {
	alg string
	key interface{}
}

func (verifier *Verifier) loadKeys(ctx context.Context) (interface{}, error) {
	text, err := verifier.get(ctx, keySetPath, 1_000_000)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys []struct{ Kid, Alg, Crv, Use, X, Y, N, E string }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	keys := map[string]publicKey{}
	for _, jwk := range document.Keys {
		bytes := func(text string) []byte { decoded, _ := base64.RawURLEncoding.DecodeString(text); return decoded }
		number := func(text string) *big.Int { return new(big.Int).SetBytes(bytes(text)) }
		var key interface{}
		switch jwk.Alg + jwk.Crv {
		case "ES256P-256":
			if point := (&ecdsa.PublicKey{Curve: elliptic.P256(), X: number(jwk.X), Y: number(jwk.Y)}); point.IsOnCurve(point.X, point.Y) {
				key = point
			}
		case "EdDSAEd25519":
			if x := bytes(jwk.X); len(x) == ed25519.PublicKeySize {
				key = ed25519.PublicKey(x)
			}
		case "RS256":
			if n := number(jwk.N); n.BitLen() >= 2048 && n.BitLen() <= 4096 {
				key = &rsa.PublicKey{N: n, E: int(number(jwk.E).Int64())}
			}
		}
		if key != nil && (jwk.Use == "" || jwk.Use == "sig") {
			keys[jwk.Kid] = publicKey{jwk.Alg, key}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the key set has no key")
	}
	return keys, nil
}
