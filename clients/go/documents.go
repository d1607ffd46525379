package hallpass

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Signed documents are read as strictly as Hallpass writes them, so that each has one valid text.

var errMalformed = errors.New("the document is malformed")

// parse reads the header and the payload of a signed document. It fails if Hallpass can't have written it.
func parse(text string, longest int) (header map[string]any, payload any, err error) {
	parts := strings.Split(text, ".")
	if len(text) > longest || len(parts) != 3 {
		return nil, nil, errMalformed
	}
	first, err1 := parseJSON(parts[0])
	payload, err2 := parseJSON(parts[1])
	_, err3 := decode(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || !is("header", first) {
		return nil, nil, errMalformed
	}
	return first.(map[string]any), payload, nil
}

func decode(part string) ([]byte, error) {
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil || part == "" || base64.RawURLEncoding.EncodeToString(decoded) != part {
		return nil, errMalformed
	}
	return decoded, nil
}

func parseJSON(part string) (any, error) {
	text, err := decode(part)
	if err != nil || !utf8.Valid(text) {
		return nil, errMalformed
	}
	read := reader{decoder: json.NewDecoder(bytes.NewReader(text))}
	read.decoder.UseNumber()
	value, err := read.value(0)
	if err != nil || read.written.String() != string(text) {
		return nil, errMalformed
	}
	return value, nil
}

// reader reads values, and writes them as JSON.stringify does.
type reader struct {
	decoder *json.Decoder
	written strings.Builder
}

func (read *reader) value(depth int) (any, error) {
	token, err := read.decoder.Token()
	if err != nil || depth > 10_000 {
		return nil, errMalformed
	}
	switch token := token.(type) {
	case json.Delim:
		return read.members(token, depth)
	case string:
		read.written.WriteString(quote(token))
	case json.Number:
		read.written.WriteString(formatNumber(token.String()))
	case bool:
		read.written.WriteString(strconv.FormatBool(token))
	default:
		read.written.WriteString("null")
	}
	return token, nil
}

// members reads an object or a list. It fails if a name is there twice, or if JavaScript would write them in another order.
func (read *reader) members(open json.Delim, depth int) (any, error) {
	members, items, last := map[string]any{}, []any{}, int64(-1)
	read.written.WriteString(open.String())
	for read.decoder.More() {
		if len(items) > 0 {
			read.written.WriteByte(',')
		}
		var name string
		if open == '{' {
			token, err := read.decoder.Token()
			if err != nil {
				return nil, err
			}
			name = token.(string)
			order := orderOf(name)
			if _, exists := members[name]; exists || order < last {
				return nil, errMalformed
			}
			last = order
			read.written.WriteString(quote(name) + ":")
		}
		item, err := read.value(depth + 1)
		if err != nil {
			return nil, err
		}
		members[name], items = item, append(items, item)
	}
	closing, err := read.decoder.Token()
	if err != nil {
		return nil, err
	}
	read.written.WriteString(closing.(json.Delim).String())
	if open == '{' {
		return members, nil
	}
	return items, nil
}

// orderOf puts members whose name is an array index first, as JavaScript does. All others keep their order.
func orderOf(name string) int64 {
	index, err := strconv.ParseUint(name, 10, 32)
	if err != nil || index == math.MaxUint32 || strconv.FormatUint(index, 10) != name {
		return math.MaxUint32
	}
	return int64(index)
}

var escapes = func() *strings.Replacer {
	pairs := []string{`"`, `\"`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`}
	for letter := rune(0); letter < ' '; letter++ {
		pairs = append(pairs, string(letter), fmt.Sprintf(`\u%04x`, letter))
	}
	return strings.NewReplacer(pairs...)
}()

func quote(text string) string { return `"` + escapes.Replace(text) + `"` }

// formatNumber writes a number as JavaScript does. It returns "" for an infinite one.
func formatNumber(text string) string {
	value, err := strconv.ParseFloat(text, 64)
	magnitude := math.Abs(value)
	switch {
	case err != nil:
		return ""
	case value == 0:
		return "0"
	case magnitude >= 1e-6 && magnitude < 1e21:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	// Go writes exponents with two digits
	return regexp.MustCompile(`e([+-])0`).ReplaceAllString(strconv.FormatFloat(value, 'e', -1, 64), "e$1")
}

const registered = "iss:filled sub:filled jti:filled iat:time exp:time account_id:text api_key_id?:filled "

// objects has the members of each object: name:type. ? is optional, =a|b lists the values, and * permits other members.
var objects = map[string]string{
	"header": "alg:=ES256|EdDSA|RS256 kid:kid typ:text",
	"bridge": registered + "aud:=bridge environment:=sandbox|production processing_method:=inline|background|skip " +
		"external_id?:text sandbox_outcome?:=standard|active|rejected|review",
	"widget-session": registered + "aud:audience sid:text client_key_id:text agent_id:text auth_mode:=guest|user " +
		"origin?:text origin_unlisted?:true client_id?:text traits?:json metadata?:json user?:user cnf?:cnf",
	"declared": registered + "api_key_id?:text client_key_id?:text cnf?:cnf aud:text kind:text kind_revision:integer actions:texts resource?:text " +
		"claims?:json uses?:integer client_id?:text",
	"user": "id:filled display_name?:text email?:text",
	"cnf":  "jkt:filled",
	"feed": "iss:text sub:text iat:integer exp:integer ttl:integer keys:texts revoked:revoked cut_off?:integer " +
		"cut_offs:cut_offs *",
	"revoked": "token:text session:text client_key:text *",
	"cut_offs": "account:times client_key:times visitor:times user:times customer?:times api_key?:times " +
		"kind?:times subject?:times resource?:times *",
}

var ownAudience = regexp.MustCompile(`^[\x21-\x7e]{1,200}$`)

func is(kind string, value any) bool {
	text, isText := value.(string)
	number, isInteger := integer(value)
	items, isList := value.([]any)
	members, isObject := value.(map[string]any)
	switch kind {
	case "text":
		return isText
	case "filled":
		return text != ""
	case "kid":
		return text != "" && len(text) <= 100
	case "integer":
		return isInteger
	case "time":
		return isInteger && number >= 0
	case "true":
		return value == true
	case "json":
		return isObject && size(value, 0) <= 4096
	case "audience":
		return ownAudience.MatchString(text) && !is("=bridge|visitor|embed-ticket|card|refresh", text)
	case "texts":
		for _, item := range items {
			isList = isList && is("text", item)
		}
		return isList
	case "times":
		for _, member := range members {
			isObject = isObject && is("integer", member)
		}
		return isObject
	}
	if strings.HasPrefix(kind, "=") {
		return isText && text != "" && strings.Contains("|"+kind[1:]+"|", "|"+text+"|") && !strings.Contains(text, "|")
	}
	return isObject && hasMembers(objects[kind], members)
}

func hasMembers(description string, members map[string]any) bool {
	kinds, isOpen := map[string]string{}, false
	for _, member := range strings.Fields(description) {
		name, kind, _ := strings.Cut(member, ":")
		required := strings.TrimRight(name, "?*")
		isOpen = isOpen || name == "*"
		if _, exists := members[name]; required == name && !exists {
			return false
		}
		kinds[required] = kind
	}
	for name, member := range members {
		if kind := kinds[name]; kind == "" && !isOpen || kind != "" && !is(kind, member) {
			return false
		}
	}
	return true
}

func integer(value any) (int64, bool) {
	text, ok := value.(json.Number)
	number, err := strconv.ParseInt(text.String(), 10, 64)
	return number, ok && err == nil && number < 1<<53 && number > -1<<53
}

// size is the length of a value as JSON. It is too large if a text, a name or the depth isn't permitted.
func size(value any, depth int) int {
	const tooLarge = 1 << 20
	var total int
	switch value := value.(type) {
	case string:
		if len(utf16.Encode([]rune(value))) > 1024 || strings.Contains(value, "\x00") {
			return tooLarge
		}
		total = len(quote(value))
	case []any:
		total = enclosed(len(value))
		for _, item := range value {
			total += size(item, depth+1)
		}
	case map[string]any:
		total = enclosed(len(value))
		for name, member := range value {
			if name == "__proto__" {
				return tooLarge
			}
			total += size(name, depth) + len(":") + size(member, depth+1)
		}
	case nil:
		total = len("null")
	default:
		total = len(fmt.Sprint(value))
	}
	if depth > 32 {
		return tooLarge
	}
	return total
}

// enclosed is the length of the brackets and commas around so many members.
func enclosed(count int) int {
	if count == 0 {
		return len("[]")
	}
	return 1 + count
}
