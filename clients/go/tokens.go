package hallpass

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Signed documents are read as strictly as Hallpass writes them, so that each has one valid text.

var errMalformed = errors.New("the document is malformed")

type signed struct {
	alg, kid, typ string
	payload       interface{}
	signature     string
}

// parse reads a compact JWS. It fails if Hallpass can't have written it.
func parse(text string, longest int) (*signed, error) {
	parts := strings.Split(text, ".")
	if len(text) > longest || len(parts) != 3 {
		return nil, errMalformed
	}
	if _, err := decode(parts[2]); err != nil {
		return nil, err
	}
	header, err := parseJSON(parts[0])
	if err != nil {
		return nil, err
	}
	payload, err := parseJSON(parts[1])
	if err != nil || !isHeader(header) {
		return nil, errMalformed
	}
	members := header.(map[string]interface{})
	return &signed{members["alg"].(string), members["kid"].(string), members["typ"].(string), payload, parts[2]}, nil
}

func decode(part string) ([]byte, error) {
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil || part == "" || base64.RawURLEncoding.EncodeToString(decoded) != part {
		return nil, errMalformed
	}
	return decoded, nil
}

func parseJSON(part string) (interface{}, error) {
	text, err := decode(part)
	if err != nil || !utf8.Valid(text) {
		return nil, errMalformed
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var written strings.Builder
	value, err := rewrite(decoder, &written)
	if err != nil || written.String() != string(text) {
		return nil, errMalformed
	}
	return value, nil
}

// rewrite reads a value, and writes it as JSON.stringify does. It fails for members that are duplicate or in another order.
func rewrite(decoder *json.Decoder, out *strings.Builder) (interface{}, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch value := token.(type) {
	case json.Delim:
		if value == '{' {
			return rewriteObject(decoder, out)
		}
		return rewriteList(decoder, out)
	case string:
		out.WriteString(quote(value))
	case json.Number:
		text, err := formatNumber(value.String())
		if err != nil {
			return nil, err
		}
		out.WriteString(text)
	case bool:
		out.WriteString(strconv.FormatBool(value))
	default:
		out.WriteString("null")
	}
	return token, nil
}

func rewriteObject(decoder *json.Decoder, out *strings.Builder) (interface{}, error) {
	members := map[string]interface{}{}
	last, indexesEnded := int64(-1), false
	out.WriteByte('{')
	for decoder.More() {
		if len(members) > 0 {
			out.WriteByte(',')
		}
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		// JavaScript sorts members whose name is an array index before all others
		index := arrayIndex(name)
		if _, exists := members[name]; exists || (index >= 0 && (indexesEnded || index <= last)) {
			return nil, errMalformed
		}
		last, indexesEnded = index, indexesEnded || index < 0
		out.WriteString(quote(name))
		out.WriteByte(':')
		if members[name], err = rewrite(decoder, out); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	_, err := decoder.Token()
	return members, err
}

func rewriteList(decoder *json.Decoder, out *strings.Builder) (interface{}, error) {
	items := []interface{}{}
	out.WriteByte('[')
	for decoder.More() {
		if len(items) > 0 {
			out.WriteByte(',')
		}
		item, err := rewrite(decoder, out)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	out.WriteByte(']')
	_, err := decoder.Token()
	return items, err
}

func arrayIndex(name string) int64 {
	index, err := strconv.ParseUint(name, 10, 32)
	if err != nil || index == math.MaxUint32 || strconv.FormatUint(index, 10) != name {
		return -1
	}
	return int64(index)
}

func quote(text string) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	var out strings.Builder
	out.WriteByte('"')
	for _, letter := range text {
		if escaped, ok := short[letter]; ok {
			out.WriteString(escaped)
		} else if letter < ' ' {
			fmt.Fprintf(&out, `\u%04x`, letter)
		} else {
			out.WriteRune(letter)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// formatNumber writes a number as JavaScript does.
func formatNumber(text string) (string, error) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(value, 0) {
		return "", errMalformed
	}
	if magnitude := math.Abs(value); value == 0 {
		return "0", nil
	} else if magnitude >= 1e-6 && magnitude < 1e21 {
		return strconv.FormatFloat(value, 'f', -1, 64), nil
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0"), nil
}
