package hallpass

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// Refused is a token that the verifier refuses, by its reason.
type Refused string

func (reason Refused) Error() string { return "the token is refused: " + string(reason) }

// Verifier verifies tokens of one kind offline, by the revocation feed. Tokens that are bound to a key are refused.
// It can be shared by goroutines, and must not be copied.
type Verifier struct {
	Issuer string
	// Kind is bridge, widget-session, or the name of a kind that you declared.
	Kind     string
	Accounts []string
	// Audience is that of the client key, if it has its own.
	Audience string
	// Declaration is that of a declared kind.
	Declaration *Declaration
	// AllowUnspent also accepts tokens that have a number of uses, because you redeem them too.
	AllowUnspent bool
	// Get reads a document of the issuer. By default, over HTTP.
	Get func(ctx context.Context, path string, longest int64) ([]byte, error)
	// Now is the time. By default, time.Now.
	Now func() time.Time

	once     sync.Once
	expected *expectations
	mutex    sync.Mutex
	cache    map[string]*entry
}

type entry struct {
	mutex                  sync.Mutex
	value                  any
	loadedAt, blockedUntil time.Time
}

type publicKey struct {
	alg string
	key any
}

const (
	maxStaleness = 300 * time.Second
	leeway       = 60
	retryAfter   = 5 * time.Second
	keySetPath   = "/.well-known/jwks.json"
)

var lifetimes = map[string]int64{"bridge": 14_400, "widget-session": 900}

// Required is what a request needs a token of a declared kind to permit. An empty text needs nothing.
type Required struct{ Action, Resource string }

// expectations are what the claims of a kind must have. Without a lifetime, the kind is unknown.
type expectations struct {
	object, audience string
	types            []string
	lifetime         int64
}

func (verifier *Verifier) expectations() *expectations {
	verifier.once.Do(func() {
		kind, declaration := verifier.Kind, verifier.Declaration
		expected := expectations{kind, verifier.Audience, []string{kind + "+jwt"}, lifetimes[kind]}
		if expected.audience == "" {
			expected.audience = kind
		} else if kind == "widget-session" {
			expected.types = append(expected.types, "at+jwt", "JWT")
		}
		if declaration != nil && declaration.isValid(kind) {
			expected.object, expected.lifetime, expected.audience = "declared", declaration.TTL.Max, kind
			if declaration.Audience != "" {
				expected.audience = declaration.Audience
			}
			if declaration.Typ != "" {
				expected.types = []string{declaration.Typ}
			}
		} else if declaration != nil {
			expected.lifetime = 0
		}
		verifier.expected = &expected
	})
	return verifier.expected
}

// Verify returns the claims of a valid token, and a Refused for any other. Another error means that the kind is neither built in
// nor declared by a valid Declaration.
func (verifier *Verifier) Verify(ctx context.Context, token string) (map[string]any, error) {
	return verifier.VerifyFor(ctx, token, Required{})
}

// VerifyFor is Verify for a request that needs a token of a declared kind to permit something.
func (verifier *Verifier) VerifyFor(ctx context.Context, token string, required Required) (map[string]any, error) {
	if verifier.expectations().lifetime == 0 {
		return nil, errors.New("a verifier of " + verifier.Kind + " needs the declaration of this JWT kind")
	}
	if token == "" {
		return nil, Refused("missing")
	}
	header, payload, err := parse(token, 32_768)
	if err != nil {
		return nil, Refused("malformed")
	}
	if !contains(verifier.expectations().types, header["typ"]) {
		return nil, Refused("wrong_kind")
	}
	reason := verifier.checkSignature(ctx, token, header)
	if reason == "" {
		reason = verifier.checkClaims(payload)
	}
	if reason == "" {
		reason = checkPermission(payload.(map[string]any), required)
	}
	if reason == "" {
		reason = verifier.checkRevocations(ctx, payload.(map[string]any), header["kid"].(string))
	}
	if reason != "" {
		return nil, Refused(reason)
	}
	return payload.(map[string]any), nil
}

func checkPermission(claims map[string]any, required Required) string {
	actions, _ := claims["actions"].([]any)
	switch {
	case required.Action != "" && !some(actions, func(action any) bool { return action == required.Action }):
		return "action_not_allowed"
	case required.Resource != "" && claims["resource"] != required.Resource:
		return "wrong_resource"
	case claims["cnf"] != nil:
		return "missing_proof"
	}
	return ""
}

func (verifier *Verifier) now() time.Time {
	if verifier.Now == nil {
		return time.Now()
	}
	return verifier.Now()
}

func (verifier *Verifier) checkSignature(ctx context.Context, text string, header map[string]any) string {
	kid := header["kid"].(string)
	has := func(keys any) bool { return keys.(map[string]publicKey)[kid].key != nil }
	load := func(any) (any, error) { return verifier.loadKeys(ctx) }
	keys, _ := verifier.cached(keySetPath, 5*time.Minute, has, load).(map[string]publicKey)
	if keys == nil {
		return "unavailable"
	}
	key, known := keys[kid]
	if !known {
		return "unknown_key"
	}
	end := strings.LastIndex(text, ".")
	if header["alg"] != key.alg || jwt.GetSigningMethod(key.alg).Verify(text[:end], text[end+1:], key.key) != nil {
		return "bad_signature"
	}
	return ""
}

func (verifier *Verifier) checkClaims(payload any) string {
	expected := verifier.expectations()
	if !is(expected.object, payload) {
		return "bad_claims"
	}
	claims, now := payload.(map[string]any), verifier.now().Unix()
	iat, _ := integer(claims["iat"])
	exp, _ := integer(claims["exp"])
	_, hasUses := claims["uses"]
	_, bySecretKey := claims["api_key_id"]
	_, byPage := claims["client_key_id"]
	switch {
	case verifier.Declaration != nil && bySecretKey == byPage:
		return "bad_claims"
	case claims["aud"] != expected.audience:
		return "wrong_audience"
	case claims["iss"] != verifier.Issuer:
		return "wrong_issuer"
	case exp <= iat || exp-iat > expected.lifetime:
		return "bad_claims"
	case verifier.Declaration != nil && !verifier.Declaration.permits(claims):
		return "bad_claims"
	case iat > now+leeway:
		return "not_yet_valid"
	case exp <= now:
		return "expired"
	case hasUses && !verifier.AllowUnspent:
		// offline, nothing counts the uses
		return "unspent"
	case !contains(verifier.Accounts, claims["account_id"]):
		return "wrong_account"
	}
	return ""
}

func contains(texts []string, text any) bool {
	for _, one := range texts {
		if one == text {
			return true
		}
	}
	return false
}

func (verifier *Verifier) checkRevocations(ctx context.Context, claims map[string]any, kid string) string {
	path := "/.well-known/revocations/" + url.PathEscape(claims["account_id"].(string))
	lists := func(feed any) bool { return listsKey(feed.(map[string]any), kid) }
	load := func(held any) (any, error) { return verifier.loadFeed(ctx, path, held) }
	feed, _ := verifier.cached(path, 6*time.Second, lists, load).(map[string]any)
	iat, _ := integer(feed["iat"])
	switch {
	case feed == nil:
		return "unavailable"
	case !lists(feed):
		return "unknown_key"
	case isRevoked(feed, claims):
		return "revoked"
	case verifier.now().Sub(time.Unix(iat, 0)) > maxStaleness:
		return "unavailable"
	}
	return ""
}

func listsKey(feed map[string]any, kid string) bool {
	for _, key := range feed["keys"].([]any) {
		if key == kid {
			return true
		}
	}
	return false
}

// name is how the feed calls something.
func name(parts ...string) string {
	quoted := make([]string, len(parts))
	for at, part := range parts {
		quoted[at] = quote(part)
	}
	hash := sha256.Sum256([]byte("[" + strings.Join(quoted, ",") + "]"))
	return base64.RawURLEncoding.EncodeToString(hash[:12])
}

var timeOfID = regexp.MustCompile(`^([0-9a-f]{8})-([0-9a-f]{4})`)

func isRevoked(feed, claims map[string]any) bool {
	text := func(name string) string { value, _ := claims[name].(string); return value }
	account, id, clientKey := text("account_id"), text("jti"), text("client_key_id")
	listed := [][]string{{"token", account, "bridge", id}}
	subjects := [][2]string{{"account", account}, {"customer", text("sub")}}
	if kind, isDeclared := claims["kind"].(string); isDeclared {
		listed = [][]string{{"token", account, "declared", id}}
		subjects = [][2]string{{"account", account}, {"kind", kind}, {"subject", text("sub")}}
		if clientKey != "" {
			listed = append(listed, []string{"client_key", account, clientKey})
			subjects = append(subjects, [2]string{"client_key", clientKey})
		}
	}
	if resource, hasResource := claims["resource"].(string); hasResource {
		subjects = append(subjects, [2]string{"resource", resource})
	}
	if _, isSession := claims["sid"]; isSession {
		id = text("sid")
		listed = [][]string{{"session", account, id}, {"client_key", account, clientKey}}
		subjects = [][2]string{{"account", account}, {"client_key", clientKey}, {"visitor", text("sub")}}
	}
	if user, ok := claims["user"].(map[string]any); ok {
		subjects = append(subjects, [2]string{"user", user["id"].(string)})
	}
	if claims["origin_unlisted"] == true && text("origin") != "" {
		subjects = append(subjects, [2]string{"client_key", clientKey + " " + text("origin")})
	}
	_, isDeclared := claims["kind"]
	_, hasKey := claims["api_key_id"]
	if text("auth_mode") != "guest" && (hasKey || !isDeclared) {
		// "" stands for the key of tokens that don't name theirs
		subjects = append(subjects, [2]string{"api_key", text("api_key_id")})
	}
	for _, parts := range listed {
		names := feed["revoked"].(map[string]any)[parts[0]].(string)
		for wanted, at := name(parts...), 0; at+16 <= len(names); at += 16 {
			if names[at:at+16] == wanted {
				return true
			}
		}
	}
	// an id without a time began before every cutoff
	began := int64(-1)
	if digits := timeOfID.FindStringSubmatch(id); digits != nil {
		began, _ = strconv.ParseInt(digits[1]+digits[2], 16, 64)
	}
	cutoffs := []any{feed["cut_off"]}
	for _, subject := range subjects {
		times, _ := feed["cut_offs"].(map[string]any)[subject[0]].(map[string]any)
		cutoffs = append(cutoffs, times[name(subject[0], account, subject[1])])
	}
	for _, cutoff := range cutoffs {
		if at, ok := integer(cutoff); ok && began <= at {
			return true
		}
	}
	return false
}

// cached returns a document. It is loaded again if it is old or lacks something, but not soon after a try that failed.
func (verifier *Verifier) cached(path string, fresh time.Duration, has func(any) bool, load func(held any) (any, error)) any {
	held := verifier.entry(path)
	held.mutex.Lock()
	defer held.mutex.Unlock()
	now := verifier.now()
	age := now.Sub(held.loadedAt)
	isFresh := held.value != nil && age >= 0 && age < fresh
	isBlocked := now.Before(held.blockedUntil) && !now.Before(held.blockedUntil.Add(-retryAfter))
	if (isFresh && has(held.value)) || isBlocked {
		return held.value
	}
	value, err := load(held.value)
	if err != nil || isFresh {
		held.blockedUntil = now.Add(retryAfter)
	}
	if err == nil {
		held.value, held.loadedAt = value, now
	}
	return held.value
}

func (verifier *Verifier) entry(path string) *entry {
	verifier.mutex.Lock()
	defer verifier.mutex.Unlock()
	if verifier.cache == nil {
		verifier.cache = map[string]*entry{}
	}
	if verifier.cache[path] == nil {
		verifier.cache[path] = &entry{}
	}
	return verifier.cache[path]
}

func (verifier *Verifier) get(ctx context.Context, path string, longest int64) ([]byte, error) {
	if verifier.Get != nil {
		return verifier.Get(ctx, path, longest)
	}
	return send(ctx, http.MethodGet, verifier.Issuer+path, nil, nil, longest)
}

func (verifier *Verifier) loadFeed(ctx context.Context, path string, held any) (any, error) {
	text, err := verifier.get(ctx, path, 8_000_000)
	if err != nil {
		return nil, err
	}
	header, payload, err := parse(string(text), 8_000_000)
	if err != nil || header["typ"] != "revocations+jwt" || !is("feed", payload) {
		return nil, errMalformed
	}
	if reason := verifier.checkSignature(ctx, string(text), header); reason != "" {
		return nil, Refused(reason)
	}
	feed, now := payload.(map[string]any), verifier.now().Unix()
	iat, _ := integer(feed["iat"])
	exp, _ := integer(feed["exp"])
	if feed["iss"] != verifier.Issuer || feed["sub"] != verifier.Issuer+path || iat > now+leeway || now >= exp+leeway {
		return nil, errors.New("the feed is another one, too old, or too new")
	}
	if older, ok := held.(map[string]any); ok {
		if heldAt, _ := integer(older["iat"]); iat < heldAt {
			return held, nil
		}
	}
	return feed, nil
}

func (verifier *Verifier) loadKeys(ctx context.Context) (any, error) {
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
		point := &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(jwk.X), Y: number(jwk.Y)}
		modulus := number(jwk.N)
		var key any
		switch kind := jwk.Alg + jwk.Crv; {
		case jwk.Use != "" && jwk.Use != "sig":
		case kind == "ES256P-256" && point.IsOnCurve(point.X, point.Y):
			key = point
		case kind == "EdDSAEd25519" && len(bytes(jwk.X)) == ed25519.PublicKeySize:
			key = ed25519.PublicKey(bytes(jwk.X))
		case kind == "RS256" && modulus.BitLen() >= 2048 && modulus.BitLen() <= 4096:
			key = &rsa.PublicKey{N: modulus, E: int(number(jwk.E).Int64())}
		}
		if key != nil {
			keys[jwk.Kid] = publicKey{jwk.Alg, key}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the key set has no key")
	}
	return keys, nil
}
