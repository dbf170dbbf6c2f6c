// Package chart draws the pictures that stand beside reports and digests.
//
// Every picture is for the screen of a phone: wide, with large type, dark on white, in colours that
// people with colour blindness tell apart, and with marks beside the colours. Each comes with a text
// that says what it shows. The same numbers give the same bytes.
package chart

// Picture is a drawn picture.
type Picture struct {
	// Name is a file name with its ending, such as "funnel.png".
	Name string
	// Alt says in words what the picture shows; it is never empty.
	Alt string
	// Data is a PNG.
	Data []byte
}
