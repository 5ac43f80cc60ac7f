package main

import (
	"io/fs"
	"path/filepath"

	"github.com/keepatch/keepatch/detect"
)

type program struct{ files []string }

func collect(o *options) ([]program, []detect.FileError) {
	var p program
	var errs []detect.FileError
	for _, path := range o.paths {
		filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				errs = append(errs, detect.FileError{File: name, Message: err.Error()})
				return nil
			}
			if ext := filepath.Ext(name); ext == ".c" || ext == ".h" {
				p.files = append(p.files, filepath.ToSlash(name))
			}
			return nil
		})
	}
	return []program{p}, errs
}
