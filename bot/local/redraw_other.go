//go:build !unix

package local

// redraw does nothing: here the line being typed shows again with the next key.
func redraw() {}
