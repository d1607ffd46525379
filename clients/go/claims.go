package hallpass

import (
	"encoding/json"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Declaration is what a verifier needs of the declaration of a kind. Read it from the file with encoding/json.
type Declaration struct {
	Name, Form, Audience, Typ, Resource string

	Actions []string
	TTL     struct{ Max int64 } `json:"ttl_seconds"`
	// Claims is a JSON Schema with the keywords of docs/kinds.md.
	Claims map[string]any
}

func (declaration *Declaration) isValid(kind string) bool {
	return declaration.Name == kind && declaration.Form == "jwt" && declaration.TTL.Max > 0 &&
		(declaration.Resource == "" || is("=none|optional|required", declaration.Resource)) &&
		(declaration.Claims == nil || hasKnownKeywords(declaration.Claims))
}

// permits says whether the declaration permits what a token says.
func (declaration *Declaration) permits(claims map[string]any) bool {
	_, hasResource := claims["resource"]
	given, hasClaims := claims["claims"]
	for _, action := range claims["actions"].([]any) {
		if !contains(declaration.Actions, action) {
			return false
		}
	}
	switch {
	case claims["kind"] != declaration.Name:
		return false
	case declaration.Resource != "optional" && hasResource != (declaration.Resource == "required"):
		return false
	case declaration.Claims == nil:
		return !hasClaims
	case !hasClaims:
		given = map[string]any{}
	}
	return permits(declaration.Claims, given)
}

const keywords = "=$schema|title|description|type|properties|required|additionalProperties|items|enum|const|minimum|maximum|" +
	"minLength|maxLength|minItems|maxItems|format|anyOf"

// hasKnownKeywords is false for a schema with another keyword, which would be ignored, and claims accepted that it forbids.
func hasKnownKeywords(schema any) bool {
	members, isObject := schema.(map[string]any)
	if _, isBool := schema.(bool); isBool {
		return true
	}
	properties, _ := members["properties"].(map[string]any)
	inner, _ := members["anyOf"].([]any)
	for _, property := range properties {
		inner = append(inner, property)
	}
	for name, value := range members {
		if name == "items" || name == "additionalProperties" {
			inner = append(inner, value)
		}
		isObject = isObject && is(keywords, name)
	}
	for _, one := range inner {
		isObject = isObject && hasKnownKeywords(one)
	}
	return isObject
}

// permits says whether a schema permits a value.
func permits(schema, value any) bool {
	members, isObject := schema.(map[string]any)
	if !isObject {
		return schema != false
	}
	for keyword, wanted := range members {
		if !keywordPermits(keyword, wanted, value, members) {
			return false
		}
	}
	return true
}

func keywordPermits(keyword string, wanted, value any, schema map[string]any) bool {
	switch keyword {
	case "type":
		return some(listOf(wanted), func(name any) bool { return isOfType(name, value) })
	case "enum":
		return some(listOf(wanted), func(one any) bool { return one == plain(value) })
	case "const":
		return wanted == plain(value)
	case "anyOf":
		return some(listOf(wanted), func(schema any) bool { return permits(schema, value) })
	}
	switch value := value.(type) {
	case json.Number:
		return numberPermits(keyword, wanted, plain(value).(float64))
	case string:
		return textPermits(keyword, wanted, value)
	case []any:
		return listPermits(keyword, wanted, value)
	case map[string]any:
		return objectPermits(keyword, wanted, value, schema)
	}
	return true
}

func numberPermits(keyword string, wanted any, value float64) bool {
	limit, _ := wanted.(float64)
	return !(keyword == "minimum" && value < limit) && !(keyword == "maximum" && value > limit)
}

func textPermits(keyword string, wanted any, value string) bool {
	length, _ := wanted.(float64)
	switch keyword {
	case "minLength":
		return utf8.RuneCountInString(value) >= int(length)
	case "maxLength":
		return utf8.RuneCountInString(value) <= int(length)
	case "format":
		return isOfFormat(wanted, value)
	}
	return true
}

func listPermits(keyword string, wanted any, value []any) bool {
	length, _ := wanted.(float64)
	switch keyword {
	case "minItems":
		return len(value) >= int(length)
	case "maxItems":
		return len(value) <= int(length)
	case "items":
		return !some(value, func(item any) bool { return !permits(wanted, item) })
	}
	return true
}

func objectPermits(keyword string, wanted any, value, schema map[string]any) bool {
	if keyword == "required" {
		return !some(listOf(wanted), func(name any) bool { _, exists := value[name.(string)]; return !exists })
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range value {
		inner, isKnown := properties[name]
		if keyword == "additionalProperties" && !isKnown {
			inner, isKnown = wanted, true
		} else if keyword != "properties" {
			continue
		}
		if isKnown && !permits(inner, member) {
			return false
		}
	}
	return true
}

func some(values []any, matches func(any) bool) bool {
	for _, value := range values {
		if matches(value) {
			return true
		}
	}
	return false
}

func listOf(value any) []any {
	if list, isList := value.([]any); isList {
		return list
	}
	return []any{value}
}

// plain is a value of a token as in a declaration, which has other numbers.
func plain(value any) any {
	if number, isNumber := value.(json.Number); isNumber {
		value, _ = strconv.ParseFloat(number.String(), 64)
	}
	return value
}

func isOfType(name, value any) bool {
	switch value := plain(value).(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && value == math.Trunc(value)
	case []any:
		return name == "array"
	}
	return name == "object"
}

const (
	unit     = `(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})`
	pathUnit = `(?:[a-z0-9\-._~!$&'()*+,;=:@/]|%[0-9a-f]{2})`
	// a path that begins with // would be an authority
	path      = `/?(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})` + pathUnit + `*)?`
	localPart = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
	label     = `[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`
)

var (
	uuidFormat  = regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	emailFormat = regexp.MustCompile(`^(?i)` + localPart + `(?:\.` + localPart + `)*@` + label + `(?:\.` + label + `)*$`)
	uriFormat   = regexp.MustCompile(`^(?i)[a-z][a-z0-9+.-]*:(//(?:(?:` + unit + `|:)*@)?(?:\[([0-9a-f.:]+)\]|` + unit + `*)(?::[0-9]*)?(?:/` +
		pathUnit + `*)?|` + path + `)(?:\?(?:` + pathUnit + `|\?)*)?(?:#(?:` + pathUnit + `|\?)*)?$`)
	dateTimeFormat = regexp.MustCompile(`^(?i)(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:)(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$`)
	notASCII       = regexp.MustCompile(`[^\x00-\x7f]`)
)

func isOfFormat(name any, text string) bool {
	// the patterns ignore case, also that of letters outside of ASCII
	if notASCII.MatchString(text) {
		return false
	}
	switch name {
	case "uuid":
		return uuidFormat.MatchString(text)
	case "email":
		return len(text) <= 254 && emailFormat.MatchString(text)
	case "uri":
		return isURI(text)
	}
	return name == "date-time" && isDateTime(text)
}

func isURI(text string) bool {
	parts := uriFormat.FindStringSubmatch(text)
	if parts == nil || parts[2] == "" {
		return parts != nil
	}
	_, err := netip.ParseAddr(parts[2])
	return err == nil
}

func isDateTime(text string) bool {
	parts := dateTimeFormat.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	second := parts[2]
	if second == "60" {
		second = "59"
	}
	local, err := time.Parse("2006-01-02T15:04:05", strings.ToUpper(parts[1])+second)
	hours, _ := strconv.Atoi(parts[4])
	minutes, _ := strconv.Atoi(parts[5])
	if err != nil || hours > 23 || minutes > 59 {
		return false
	}
	offset := time.Duration(hours*60+minutes) * time.Minute
	if parts[3] == "-" {
		offset = -offset
	}
	// a leap second is the last one of a day
	return parts[2] != "60" || local.Add(-offset).Format("15:04") == "23:59"
}
