package hallpass

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
)

func listsKey(feed map[string]interface{}, kid string) bool {
	for _, key := range feed["keys"].([]interface{}) {
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

func isRevoked(feed, claims map[string]interface{}) bool {
	text := func(name string) string { value, _ := claims[name].(string); return value }
	account, id := text("account_id"), text("jti")
	named := [][]string{{"token", account, "bridge", id}}
	subjects := map[string]string{"account": account, "customer": text("sub")}
	if _, isSession := claims["sid"]; isSession {
		id = text("sid")
		named = [][]string{{"session", account, id}, {"client_key", account, text("client_key_id")}}
		subjects = map[string]string{"account": account, "client_key": text("client_key_id"), "visitor": text("sub")}
	}
	if user, ok := claims["user"].(map[string]interface{}); ok {
		subjects["user"] = user["id"].(string)
	}
	if text("auth_mode") != "guest" {
		// "" stands for the key of tokens that don't name theirs
		subjects["api_key"] = text("api_key_id")
	}
	for _, parts := range named {
		names, wanted := feed["revoked"].(map[string]interface{})[parts[0]].(string), name(parts...)
		for at := 0; at+16 <= len(names); at += 16 {
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
	cutoffs := []interface{}{feed["cut_off"]}
	for scope, subject := range subjects {
		times, _ := feed["cut_offs"].(map[string]interface{})[scope].(map[string]interface{})
		cutoffs = append(cutoffs, times[name(scope, account, subject)])
	}
	for _, cutoff := range cutoffs {
		if at, ok := integer(cutoff); ok && began <= at {
			return true
		}
	}
	return false
}
