package hallpass

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// Refused is a token that the verifier refuses, by its reason.
type Refused string

func (reason Refused) Error() string { return "the token is refused: " + string(reason) }

// Verifier verifies bridge tokens or session tokens offline, by the revocation feed. Tokens that are bound to a key are refused.
// It can be shared by goroutines, and must not be copied.
type Verifier struct {
	Issuer string
	// Kind is bridge or widget-session.
	Kind     string
	Accounts []string
	// Audience is that of the client key, if it has its own.
	Audience string
	// Get reads a document of the issuer. By default, over HTTP.
	Get func(ctx context.Context, path string, longest int64) ([]byte, error)
	// Now is the time. By default, time.Now.
	Now func() time.Time

	mutex sync.Mutex
	cache map[string]*entry
}

type entry struct {
	mutex                  sync.Mutex
	value                  interface{}
	loadedAt, blockedUntil time.Time
}

// policy says for how long a document is used, what it must have, and how soon it is loaded again otherwise.
type policy struct {
	fresh, wait time.Duration
	has         func(interface{}) bool
}

const maxStaleness = 300
const leeway = 60
const keySetPath = "/.well-known/jwks.json"

var lifetimes = map[string]int64{"bridge": 14_400, "widget-session": 900}

// Verify returns the claims of a valid token, and a Refused for any other.
func (verifier *Verifier) Verify(ctx context.Context, token string) (map[string]interface{}, error) {
	if token == "" {
		return nil, Refused("missing")
	}
	parsed, err := parse(token, 32_768)
	if err != nil {
		return nil, Refused("malformed")
	}
	isType := oneOf(verifier.Kind + "+jwt")
	if verifier.Kind == "widget-session" && verifier.Audience != "" {
		isType = oneOf("widget-session+jwt", "at+jwt", "JWT")
	}
	if !isType(parsed.typ) {
		return nil, Refused("wrong_kind")
	}
	if err := verifier.checkSignature(ctx, token, parsed); err != nil {
		return nil, err
	}
	claims, _ := parsed.payload.(map[string]interface{})
	if reason := verifier.checkClaims(parsed.payload); reason != "" {
		return nil, Refused(reason)
	}
	if reason := verifier.checkRevocations(ctx, claims, parsed.kid); reason != "" {
		return nil, Refused(reason)
	}
	return claims, nil
}

func (verifier *Verifier) now() time.Time {
	if verifier.Now == nil {
		return time.Now()
	}
	return verifier.Now()
}

func (verifier *Verifier) checkClaims(payload interface{}) string {
	if !isClaimsOf[verifier.Kind](payload) {
		return "bad_claims"
	}
	claims, now := payload.(map[string]interface{}), verifier.now().Unix()
	iat, _ := integer(claims["iat"])
	exp, _ := integer(claims["exp"])
	audience := verifier.Audience
	if audience == "" {
		audience = verifier.Kind
	}
	_, isBound := claims["cnf"]
	switch {
	case claims["aud"] != audience:
		return "wrong_audience"
	case claims["iss"] != verifier.Issuer:
		return "wrong_issuer"
	case exp <= iat || exp-iat > lifetimes[verifier.Kind]:
		return "bad_claims"
	case iat > now+leeway:
		return "not_yet_valid"
	case exp <= now:
		return "expired"
	case !oneOf(verifier.Accounts...)(claims["account_id"]):
		return "wrong_account"
	case isBound:
		return "missing_proof"
	}
	return ""
}

func (verifier *Verifier) checkSignature(ctx context.Context, text string, parsed *signed) error {
	has := func(value interface{}) bool { return value.(map[string]publicKey)[parsed.kid].key != nil }
	held := verifier.cached(keySetPath, policy{5 * time.Minute, 5 * time.Second, has}, func(interface{}) (interface{}, error) {
		return verifier.loadKeys(ctx)
	})
	if held == nil {
		return Refused("unavailable")
	}
	key, known := held.(map[string]publicKey)[parsed.kid]
	if !known {
		return Refused("unknown_key")
	}
	end := strings.LastIndex(text, ".")
	if key.alg != parsed.alg || jwt.GetSigningMethod(key.alg).Verify(text[:end], text[end+1:], key.key) != nil {
		return Refused("bad_signature")
	}
	return nil
}

func (verifier *Verifier) checkRevocations(ctx context.Context, claims map[string]interface{}, kid string) string {
	path := "/.well-known/revocations/" + url.PathEscape(claims["account_id"].(string))
	lists := func(feed interface{}) bool { return listsKey(feed.(map[string]interface{}), kid) }
	held := verifier.cached(path, policy{6 * time.Second, 5 * time.Second, lists}, func(held interface{}) (interface{}, error) {
		return verifier.loadFeed(ctx, path, held)
	})
	if held == nil {
		return "unavailable"
	}
	feed := held.(map[string]interface{})
	signedAt, _ := integer(feed["iat"])
	switch {
	case !listsKey(feed, kid):
		return "unknown_key"
	case isRevoked(feed, claims):
		return "revoked"
	case verifier.now().Sub(time.Unix(signedAt, 0)) > maxStaleness*time.Second:
		return "unavailable"
	}
	return ""
}

// cached returns a document. It is loaded again if it is old or lacks something, but not soon after a try that failed or was early.
func (verifier *Verifier) cached(path string, policy policy, load func(held interface{}) (interface{}, error)) interface{} {
	held := verifier.entry(path)
	held.mutex.Lock()
	defer held.mutex.Unlock()
	now := verifier.now()
	age := now.Sub(held.loadedAt)
	isFresh := held.value != nil && age >= 0 && age < policy.fresh
	isBlocked := now.Before(held.blockedUntil) && !now.Before(held.blockedUntil.Add(-policy.wait))
	if (isFresh && policy.has(held.value)) || isBlocked {
		return held.value
	}
	value, err := load(held.value)
	if err != nil || isFresh {
		held.blockedUntil = now.Add(policy.wait)
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
	return send(ctx, http.MethodGet, trimmed(verifier.Issuer)+path, nil, nil, longest)
}

func (verifier *Verifier) loadFeed(ctx context.Context, path string, held interface{}) (interface{}, error) {
	text, err := verifier.get(ctx, path, 8_000_000)
	if err != nil {
		return nil, err
	}
	parsed, err := parse(string(text), 8_000_000)
	if err != nil || parsed.typ != "revocations+jwt" || !isFeed(parsed.payload) {
		return nil, errMalformed
	}
	if err := verifier.checkSignature(ctx, string(text), parsed); err != nil {
		return nil, err
	}
	feed, now := parsed.payload.(map[string]interface{}), verifier.now().Unix()
	iat, _ := integer(feed["iat"])
	exp, _ := integer(feed["exp"])
	if feed["iss"] != verifier.Issuer || feed["sub"] != verifier.Issuer+path || iat > now+leeway || now >= exp+leeway {
		return nil, errors.New("the feed is another one, too old, or too new")
	}
	if held != nil {
		if heldAt, _ := integer(held.(map[string]interface{})["iat"]); iat < heldAt {
			return held, nil
		}
	}
	return feed, nil
}
