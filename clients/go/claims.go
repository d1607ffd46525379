package hallpass

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

type check func(interface{}) bool
type checks map[string]check

func isText(value interface{}) bool   { _, ok := value.(string); return ok }
func isFilled(value interface{}) bool { return isText(value) && value != "" }
func isTime(value interface{}) bool   { number, ok := integer(value); return ok && number >= 0 }
func isInteger(value interface{}) bool {
	_, ok := integer(value)
	return ok
}

func integer(value interface{}) (int64, bool) {
	text, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseInt(text.String(), 10, 64)
	return number, err == nil && number < 1<<53 && number > -1<<53
}

func oneOf(values ...string) check {
	return func(value interface{}) bool {
		for _, one := range values {
			if value == one {
				return true
			}
		}
		return false
	}
}

func object(required, optional checks, open bool) check {
	return func(value interface{}) bool {
		members, ok := value.(map[string]interface{})
		for name := range required {
			_, has := members[name]
			ok = ok && has
		}
		for name, member := range members {
			if test := required[name]; test != nil {
				ok = ok && test(member)
			} else if test := optional[name]; test != nil {
				ok = ok && test(member)
			} else {
				ok = ok && open
			}
		}
		return ok
	}
}

var ownAudience = regexp.MustCompile(`^[\x21-\x7e]{1,200}$`)
var isReserved = oneOf("bridge", "visitor", "widget-session", "embed-ticket", "card", "refresh")

func isAudience(value interface{}) bool {
	text, _ := value.(string)
	return text == "widget-session" || (ownAudience.MatchString(text) && !isReserved(text))
}

func isShort(value interface{}, depth int) bool {
	ok := depth <= 32
	switch value := value.(type) {
	case string:
		ok = ok && len(utf16.Encode([]rune(value))) <= 1024 && !strings.Contains(value, "\x00")
	case []interface{}:
		for _, member := range value {
			ok = ok && isShort(member, depth+1)
		}
	case map[string]interface{}:
		for name, member := range value {
			ok = ok && name != "__proto__" && isShort(name, depth) && isShort(member, depth+1)
		}
	}
	return ok
}

func isJSON(value interface{}) bool {
	_, isObject := value.(map[string]interface{})
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	return isObject && isShort(value, 0) && encoder.Encode(value) == nil && out.Len()-1 <= 4096
}

func isTexts(value interface{}) bool {
	items, ok := value.([]interface{})
	for _, item := range items {
		ok = ok && isText(item)
	}
	return ok
}

func isCutoffs(value interface{}) bool {
	members, ok := value.(map[string]interface{})
	for _, member := range members {
		ok = ok && isInteger(member)
	}
	return ok
}

var isHeader = object(checks{
	"alg": oneOf("ES256", "EdDSA", "RS256"), "typ": isText,
	"kid": func(value interface{}) bool { kid, _ := value.(string); return kid != "" && len(kid) <= 100 },
}, nil, false)

var isClaimsOf = map[string]check{
	"bridge": object(checks{
		"iss": isFilled, "sub": isFilled, "jti": isFilled, "iat": isTime, "exp": isTime, "account_id": isText, "aud": oneOf("bridge"),
		"environment": oneOf("sandbox", "production"), "processing_method": oneOf("inline", "background", "skip"),
	}, checks{
		"api_key_id": isFilled, "external_id": isText, "sandbox_outcome": oneOf("standard", "active", "rejected", "review"),
	}, false),
	"widget-session": object(checks{
		"iss": isFilled, "sub": isFilled, "jti": isFilled, "iat": isTime, "exp": isTime, "account_id": isText, "aud": isAudience,
		"sid": isText, "client_key_id": isText, "agent_id": isText, "auth_mode": oneOf("guest", "user"),
	}, checks{
		"api_key_id": isFilled, "origin": isText, "client_id": isText, "traits": isJSON, "metadata": isJSON,
		"user": object(checks{"id": isFilled}, checks{"display_name": isText, "email": isText}, false),
		"cnf":  object(checks{"jkt": isFilled}, nil, false),
	}, false),
}

var isFeed = object(checks{
	"iss": isText, "sub": isText, "iat": isInteger, "exp": isInteger, "ttl": isInteger, "keys": isTexts,
	"revoked": object(checks{"token": isText, "session": isText, "client_key": isText}, nil, true),
	"cut_offs": object(checks{"account": isCutoffs, "client_key": isCutoffs, "visitor": isCutoffs, "user": isCutoffs},
		checks{"customer": isCutoffs, "api_key": isCutoffs}, true),
}, checks{"cut_off": isInteger}, true)
