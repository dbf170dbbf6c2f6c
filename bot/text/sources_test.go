package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sources is the program without its tests, parsed.
type sources struct {
	fset     *token.FileSet
	files    map[string]*ast.File // by path from the root of the module
	literals map[string]bool
	catalog  map[string]bool // the keys that there are
}

// use is one place that names a key, or a prefix of keys, or a refusal with its code.
type use struct {
	key     string
	prefix  bool
	number  bool // the call gives n
	counted bool // args are known
	args    []string
	at      string
}

func parseSources(t *testing.T) *sources {
	t.Helper()
	src := &sources{fset: token.NewFileSet(), files: map[string]*ast.File{}, literals: map[string]bool{}, catalog: map[string]bool{}}
	root := filepath.Join("..", "..")
	for _, top := range []string{"bot", "cmd", "commands", "funnel"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil //nolint:nilerr // a folder that does not exist names no keys
			}
			f, err := parser.ParseFile(src.fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			src.files[filepath.ToSlash(rel)] = f
			return err
		})
		require.NoError(t, err)
	}
	for _, f := range src.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := literal(n); ok {
				src.literals[s] = true
			}
			return true
		})
	}
	return src
}

func literal(n ast.Node) (string, bool) {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// constants returns the values of the string constants of a type in a package.
func (s *sources) constants(dir, typeName string) []string {
	return slices.Collect(maps.Values(s.named(dir, typeName)))
}

// returned are the strings in the function that lists them.
func (s *sources) returned(dir, function string) []string {
	var found []string
	for path, f := range s.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != function || filepath.ToSlash(filepath.Dir(path)) != dir {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if word, ok := literal(n); ok {
					found = append(found, word)
				}
				return true
			})
		}
	}
	return found
}

// prefixed returns the untyped constants of a package whose names begin so, such as stepTwin.
func (s *sources) prefixed(dir, prefix string) map[string]string {
	found := s.named(dir, "")
	maps.DeleteFunc(found, func(name, _ string) bool { return !strings.HasPrefix(name, prefix) })
	return found
}

// inputs returns what refusals call a field beside the fields of a deal: the word in fits("note", …)
// and in Args{"field": "date"}.
func (s *sources) inputs() []string {
	var found []string
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "fits" && len(n.Args) > 0 {
					if word, ok := literal(n.Args[0]); ok {
						found = append(found, word)
					}
				}
			case *ast.KeyValueExpr:
				if name, ok := literal(n.Key); ok && name == "field" {
					if word, ok := literal(n.Value); ok {
						found = append(found, word)
					}
				}
			}
			return true
		})
	}
	return found
}

// named returns the constants of a type in a package by their names.
func (s *sources) named(dir, typeName string) map[string]string {
	found := map[string]string{}
	for path, f := range s.files {
		if !strings.HasPrefix(path, dir+"/") || strings.Contains(path[len(dir)+1:], "/") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			if typeOf(spec.Type) == typeName {
				for i, name := range spec.Names {
					if value, ok := literal(spec.Values[i]); ok && value != "" {
						found[name.Name] = value
					}
				}
			}
			return true
		})
	}
	return found
}

// typeOf returns the name of a type without its package.
func typeOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// calls are the functions that take a key: where it stands, and where the arguments do.
var calls = map[string]struct {
	key, args int
	number    bool
}{
	"Say":         {key: 0, args: 1},
	"Pieces":      {key: 0, args: 1},
	"Count":       {key: 0, args: 2, number: true},
	"CountPieces": {key: 0, args: 2, number: true},
	"Sentence":    {key: 1, args: 2},
	"Counted":     {key: 1, args: 3, number: true},
	"Has":         {key: 0, args: -1},
	// What composes documents has these for the reader it composes for.
	"say":     {key: 0, args: 1},
	"line":    {key: 0, args: 1},
	"counted": {key: 0, args: 2, number: true},
}

var keyShape = regexp.MustCompile(`^[a-z_]+(\.[a-z0-9_]+)*\.?$`)

func (s *sources) uses() []use {
	var all []use
	s.eachCall(func(name string, call *ast.CallExpr) {
		where, ok := calls[name]
		if !ok || len(call.Args) <= where.key || len(call.Args) <= where.args {
			return
		}
		u := use{number: where.number, at: s.fset.Position(call.Pos()).String()}
		key := call.Args[where.key]
		for sum, ok := key.(*ast.BinaryExpr); ok; sum, ok = key.(*ast.BinaryExpr) {
			key, u.prefix = sum.X, true
		}
		if u.key, ok = literal(key); !ok || !strings.Contains(u.key, ".") || !keyShape.MatchString(u.key) {
			return
		}
		if where.args >= 0 {
			u.args, u.counted = argNames(call.Args[where.args])
		}
		all = append(all, u)
	})
	return all
}

func (s *sources) refusals() []use {
	codes := map[string]map[string]string{} // by folder, then by the name of the constant
	var all []use
	s.eachCall(func(name string, call *ast.CallExpr) {
		if !strings.EqualFold(name, "refuse") || len(call.Args) != 2 {
			return
		}
		at := s.fset.Position(call.Pos())
		u := use{at: at.String()}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(at.Filename, "../../")))
		code := call.Args[0]
		constant, isName := code.(*ast.Ident)
		if of, ok := code.(*ast.SelectorExpr); ok {
			constant, isName = of.Sel, true
			if pkg, ok := of.X.(*ast.Ident); ok {
				dir = map[string]string{"funnel": "funnel", "commands": "commands", "dialog": "funnel/dialog"}[pkg.Name]
			}
		}
		if isName {
			if codes[dir] == nil {
				codes[dir] = s.named(dir, "Code")
			}
			u.key = codes[dir][constant.Name]
		} else {
			u.key, _ = literal(code)
		}
		var known bool
		if u.args, known = argNames(call.Args[1]); known && u.key != "" {
			all = append(all, u)
		}
	})
	return all
}

func (s *sources) eachCall(f func(name string, call *ast.CallExpr)) {
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				f(fun.Sel.Name, call)
			case *ast.Ident:
				f(fun.Name, call)
			}
			return true
		})
	}
}

// argNames returns the names in a literal of arguments; false where they are not written there.
func argNames(e ast.Expr) ([]string, bool) {
	if id, ok := e.(*ast.Ident); ok && id.Name == "nil" {
		return nil, true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	names := make([]string, 0, len(lit.Elts))
	for _, elt := range lit.Elts {
		pair, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return nil, false
		}
		name, ok := literal(pair.Key)
		if !ok {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}
