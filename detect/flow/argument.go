package flow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// argument follows a descriptor into a call.
func (f *Flow) argument(fi *program.FuncInfo, call, arg *parse.Expr, ctx Context) {
	if call.X == arg {
		return // called through: it is no descriptor then
	}
	i := slices.Index(call.Args, arg)
	if i < 0 {
		return
	}
	name := f.Prog.Alias(fi.File, call.Callee())
	if sys := program.Syscall(call); sys != "" {
		name, i = sys, i-1
	}
	if f.Prog.EnablesKeepalive(name, i) {
		f.Events = append(f.Events, FDEvent{knowledge.EnableKeepalive, fi, call, ctx})
	}
	if use, ok := knowledge.FDUses.Lookup(name); ok && !f.Prog.DefinesLocally(fi.File, name) {
		if use.Arg == i {
			f.Events = append(f.Events, FDEvent{use.Event, fi, call, ctx})
		}
		return
	}
	if how := knowledge.FDOf.Get(name); how != knowledge.NoFD {
		f.resultOf(fi, call, i, how, ctx)
		return
	}
	if knowledge.Formats.Has(name) {
		if f.startsPrograms(fi) {
			f.noteOtherForm(fi, call) // for another program, by its arguments or its environment
		}
		return
	}
	if c, ok := knowledge.Copies.Lookup(name); ok {
		if len(call.Args) > 1 && i == c.From {
			f.storeThroughArg(fi, call.Args[c.To], call, ctx)
		}
		return
	}
	fns := ctx.handed.Callees(f.Prog, fi, call, ctx.path)
	for _, fn := range fns {
		if i >= len(fn.Params) || fn.Params[i].Name == "..." {
			if fn.Macro == nil && !writesText(fn, call, i) {
				f.noteOtherForm(fi, call) // where the function asks va_arg() for it is not followed
			}
			continue
		}
		if fn.Params[i].Name == "" || !ctx.handle && isText(fn.Params[i].Type) && !isAddress(arg) {
			continue
		}
		if kinds := callgraph.DispatchKeys(f.Prog, fn); len(kinds) > 0 && !f.keysMatch(kinds, f.extendPath(ctx, fi, call).path) {
			continue
		}
		gi := f.Prog.InfoOf(fn)
		f.enqueue(Location{kind: inLocal, fn: fn, decl: fn.Params[i]}, nil, gi, f.enterCall(ctx, fi, call))
	}
	if len(fns) > 0 || knowledge.External.Has(name) && !knowledge.CallsBack.Has(name) {
		return
	}
	if f.Prog.MacroNamed(name) {
		if !f.Prog.PassesThrough(fi, call, arg) && f.Prog.Converts(fi.File, call) {
			f.noteOtherForm(fi, call)
		}
		return // a macro that calls nothing: it tests or converts
	}
	if f.enabledByLibrary(fi, call, i, ctx) {
		f.Events = append(f.Events, FDEvent{knowledge.EnableKeepalive, fi, call, ctx})
	}
	if f.libraryHandle(fi, call, i, ctx) {
		return
	}
	f.Events = append(f.Events, FDEvent{knowledge.PassedOn, fi, call, ctx})
	f.callbacks(fi, call, i, ctx)
	if f.makesHandle(fi, call, arg) {
		ctx.handle = !fi.IsPointer(arg)
		f.value(fi, call, ctx)
	}
}

// writesText reports whether argument i of a call of a variadic function is written: a
// format stands before it, by what it is or by the name of its parameter, or its function
// prints by its name.
func writesText(fn *parse.Func, call *parse.Expr, i int) bool {
	if knowledge.ChatterWords.In(strings.ToLower(fn.Name)) {
		return true
	}
	for k, a := range call.Args[:i] {
		if a.Kind == parse.XString && strings.Contains(a.Name, "%") ||
			k < len(fn.Params) && knowledge.FormatWords.In(strings.ToLower(fn.Params[k].Name)) {
			return true
		}
	}
	return false
}

// resultOf follows what a call makes of the descriptor that it gets as argument i: the
// same one, a stream for it, a duplicate.
func (f *Flow) resultOf(fi *program.FuncInfo, call *parse.Expr, i int, how knowledge.FDResult, ctx Context) {
	switch how {
	case knowledge.SameFD:
		f.value(fi, call, ctx)
	case knowledge.StreamOf:
		f.Events = append(f.Events, FDEvent{knowledge.Data, fi, call, ctx})
		ctx.handle = true
		f.value(fi, call, ctx) // the stream stands for its descriptor
	case knowledge.DuplicateOf, knowledge.DuplicateBy:
		if i == 0 && (how == knowledge.DuplicateOf || copiesDescriptor(call)) {
			f.Duplicated = true
			f.value(fi, call, ctx)
		}
	case knowledge.DuplicateTo:
		if i == 0 && len(call.Args) > 1 {
			f.dupTo(fi, call, ctx)
		}
	}
}

// copiesDescriptor reports whether an fcntl call returns a copy of the descriptor.
func copiesDescriptor(call *parse.Expr) bool {
	return len(call.Args) > 1 && strings.HasPrefix(value.ConstName(call.Args[1]), "F_DUPFD")
}

// dupTo handles dup2(fd, n). Where the program has a name of its own for n,
// the calls that use it mean the same descriptor.
func (f *Flow) dupTo(fi *program.FuncInfo, call *parse.Expr, ctx Context) {
	f.Duplicated = true
	f.value(fi, call, ctx)
	v := eval.New(f.Prog, f.Sess).Eval(fi, call.Args[1], ctx.Frame)
	if c := value.ConstName(call.Args[1]); c != "" {
		v.Add(c)
	}
	sym := eval.New(f.Prog, f.Sess)
	sym.Symbolic = true
	own := ""
	for _, name := range sym.Eval(fi, call.Args[1], ctx.Frame).List() {
		if value.IsUpper(name) && !strings.HasSuffix(name, "_FILENO") {
			own = name
		}
	}
	for _, k := range v.List() {
		for n, name := range knowledge.StdNames {
			if k == name {
				k = n
			}
		}
		switch {
		case knowledge.StdNames[k] == "" && value.IsNumeral(k) && f.startsPrograms(fi):
			f.noteOtherForm(fi, call)
		case knowledge.StdNames[k] != "":
			f.escapes = true
			f.enqueue(Location{kind: inStd, key: stdKey(fi.File.Dir, k, own)}, nil, fi, ctx.stored(call, fi))
		}
	}
}

// callbacks follows a descriptor that is registered together with a function
// of the tree, as event loops do: the function is called with it.
//
// Where its address is handed over, as to pthread_create(), the function gets
// a pointer to it.
func (f *Flow) callbacks(fi *program.FuncInfo, call *parse.Expr, fd int, ctx Context) {
	given := passedIn(fi, call.Args[fd], ctx.Frame)
	byRef := given.In.IsPointer(given.Expr)
	for k, a := range call.Args {
		if k == fd {
			continue
		}
		r := passedIn(fi, cmp.Or(program.Pointee(a), a), ctx.Frame)
		x := program.Pointee(r.Expr)
		if x == nil || x.Kind != parse.XIdent || r.In.Lookup(x.Name, x.Pos) != nil {
			continue
		}
		for _, fn := range f.Prog.FuncsNamed(r.In.File, x.Name) {
			if fn.Macro != nil {
				continue
			}
			if byRef {
				for _, q := range fn.Params {
					if q.Type != nil && q.Type.Ptr > 0 {
						f.enqueue(Location{kind: inLocal, fn: fn, decl: q}, nil, f.Prog.InfoOf(fn), f.enterCall(ctx, fi, call))
						break
					}
				}
				continue
			}
			f.watcher(fi, call, k, fn, ctx)
			for _, q := range fn.Params {
				if q.Type != nil && q.Type.Ptr == 0 && knowledge.IsDescriptorType(q.Type.Base) {
					f.enqueue(Location{kind: inLocal, fn: fn, decl: q}, nil, f.Prog.InfoOf(fn), f.enterCall(ctx, fi, call))
					break
				}
			}
		}
	}
}

// passedIn follows an argument which is a parameter of the function around it, or of the
// macro, to what the calls of fr pass for it.
func passedIn(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) program.Ref {
	for ; fr != nil; fr = fr.Up {
		x := e.Strip()
		if x == nil || x.Kind != parse.XIdent {
			break
		}
		d := fi.Lookup(x.Name, x.Pos)
		if d == nil {
			break
		}
		i := fi.ParamIndex(d)
		if i < 0 || fr.Call.Expr == nil || i >= len(fr.Call.Expr.Args) {
			break
		}
		fi, e = fr.Call.In, fr.Call.Expr.Args[i]
	}
	return program.Ref{In: fi, Expr: e}
}
