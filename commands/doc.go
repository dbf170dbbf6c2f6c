// Package commands is the language that people type to the bot, in English and in Russian at any
// time, and what each of its verbs does.
//
// [Parser.Parse] turns one typed line into an [Intent]: plain data, without a look at the database.
// [Verbs] is the one table of what can be said; parser, help and the menus of the platforms are fed
// from it. What the parser cannot decide alone stays open in the intent: where the name of a company
// ends ([Intent.Split]), and which of several readings was meant ([Intent.Choose]). What is missing
// is named by [Intent.Missing].
package commands
