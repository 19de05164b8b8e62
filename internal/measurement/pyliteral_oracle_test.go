// SPDX-License-Identifier: GPL-3.0-or-later

package measurement

import (
	"bytes"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// python does what the test asks for each line: prints a value as its repr, or reads a
// literal. Values are told with their types: {"i": "1"}, {"f": "1.5"}, {"D": "1.50"}
// for numbers, {"d": {...}} for dictionaries; what JSON has none for makes it null.
const python = `
import ast, json, sys
from decimal import Decimal

class Decimals(ast.NodeTransformer):
    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id == 'Decimal' and not node.keywords:
            return ast.Constant(Decimal(ast.literal_eval(node.args[0])))
        return node

def made(v):
    if isinstance(v, list):
        return [made(x) for x in v]
    if isinstance(v, dict):
        (kind, x), = v.items()
        return {'i': int, 'f': float, 'D': Decimal}[kind](x) if kind != 'd' else {k: made(x) for k, x in x.items()}
    return v

def told(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, list):
        return [told(x) for x in v]
    if isinstance(v, dict) and all(isinstance(k, str) for k in v):
        return {'d': {k: told(x) for k, x in v.items()}}
    return {{int: 'i', float: 'f', Decimal: 'D'}[type(v)]: str(v)}

def read(text):
    try:
        return {'value': told(ast.literal_eval(Decimals().visit(ast.parse(text.lstrip(' \t'), mode='eval'))))}
    except Exception:
        return None

for line in sys.stdin:
    ask = json.loads(line)
    print(json.dumps(repr(made(ask['made'])) if 'made' in ask else read(ask['text'])))
`

// askPython gives an answer to each question.
func askPython[A any](t *testing.T, questions []map[string]any) (answers []A) {
	t.Helper()
	var lines, faults bytes.Buffer
	for _, question := range questions {
		if err := json.NewEncoder(&lines).Encode(question); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "python3", "-W", "ignore", "-c", python)
	command.Stdin, command.Stderr = &lines, &faults
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, faults.Bytes())
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var answer A
		if err := decoder.Decode(&answer); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// pythonValue makes values as python is told them.
func pythonValue(levels int) *rapid.Generator[any] {
	typed := func(kind string, g *rapid.Generator[string]) *rapid.Generator[any] {
		return rapid.Map(g, func(text string) any { return map[string]any{kind: text} })
	}
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"bp", "it's", `"`, `'"\`, "\n\r\t\x00\x7f\u0085\u00a0\u200b\u2028", "ñ€😀"}))
	kinds := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), text.AsAny(), typed("i", rapid.StringMatching(`-?[1-9][0-9]{0,30}|0`)),
		typed("D", rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,9})?(E[+-]?[0-9]{1,2})?`)),
		typed("f", rapid.Map(rapid.Float64(), func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) })),
	}
	if levels > 0 {
		inner := rapid.Deferred(func() *rapid.Generator[any] { return pythonValue(levels - 1) })
		dictionary := rapid.Map(rapid.MapOfN(text, inner, 0, 4), func(m map[string]any) any { return map[string]any{"d": m} })
		kinds = append(kinds, rapid.SliceOfN(inner, 0, 4).AsAny(), dictionary)
	}
	return rapid.OneOf(kinds...)
}

// same tells a value of JSON as python tells the same, with the types that want has.
func same(want, got any) any {
	switch got := got.(type) {
	case []any:
		wants, _ := want.([]any)
		for i := range min(len(got), len(wants)) {
			got[i] = same(wants[i], got[i])
		}
		return got
	case map[string]any:
		wrapped, _ := want.(map[string]any)
		wants, _ := wrapped["d"].(map[string]any)
		for key := range got {
			got[key] = same(wants[key], got[key])
		}
		return map[string]any{"d": got}
	case json.Number:
		return sameNumber(want, got.String())
	}
	return got
}

// sameNumber is want, if the number has its value: exactly, but for floats.
func sameNumber(want any, got string) any {
	wrapped, _ := want.(map[string]any)
	for kind, text := range wrapped {
		text, _ := text.(string)
		if kind == "f" {
			a, _ := strconv.ParseFloat(text, 64)
			b, _ := strconv.ParseFloat(got, 64)
			if a == b {
				return want
			}
			continue
		}
		a, okA := new(big.Rat).SetString(text)
		b, okB := new(big.Rat).SetString(got)
		if okA && okB && a.Cmp(b) == 0 {
			return want
		}
	}
	return got
}

func decoded(t *testing.T, text []byte) (value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

// printed gives values and how Python prints them.
func printed(t *testing.T) (values []any, texts []string) {
	t.Helper()
	questions := make([]map[string]any, 1000)
	for i := range questions {
		values = append(values, pythonValue(3).Example(i))
		questions[i] = map[string]any{"made": values[i]}
	}
	return values, askPython[string](t, questions)
}

func TestWhatPythonPrintsIsReadAsTheSame(t *testing.T) {
	t.Parallel()
	values, texts := printed(t)
	for i, text := range texts {
		got, ok := literalJSON(text)
		if !ok {
			t.Errorf("%s: it is not read", text)
			continue
		}
		if diff := cmp.Diff(values[i], same(values[i], decoded(t, got))); diff != "" {
			t.Errorf("%s: read as %s: %s", text, got, diff)
		}
	}
}

// A text that is damaged is refused, or means to Python the same as to the hub.
func TestADamagedLiteralIsNotReadAsAnotherValue(t *testing.T) {
	t.Parallel()
	_, texts := printed(t)
	random := rand.New(rand.NewPCG(1, 2))
	var questions []map[string]any
	var read []any
	for range 20 {
		for _, text := range texts {
			text = damaged(random, text)
			got, ok := literalJSON(text)
			if ok {
				questions = append(questions, map[string]any{"text": text})
				read = append(read, decoded(t, got))
			}
		}
	}
	if len(read) < 1000 {
		t.Errorf("only %d damaged literals can still be read", len(read))
	}

	for i, answer := range askPython[*struct{ Value any }](t, questions) {
		text := questions[i]["text"]
		if answer == nil {
			t.Errorf("%q: Python cannot read it, the hub reads %v", text, read[i])
			continue
		}
		if diff := cmp.Diff(answer.Value, same(answer.Value, read[i])); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// damaged takes a piece away, doubles it, or puts a character in.
func damaged(random *rand.Rand, text string) string {
	at := random.IntN(len(text))
	to := min(len(text), at+1+random.IntN(3))
	pieces := []string{"", text[at:to] + text[at:to], "'", `"`, `\`, " ", "0", "-", ".", "e", ",", "[", "]", "1", "x", "None", "\t"}
	return text[:at] + pieces[random.IntN(len(pieces))] + text[to:]
}
