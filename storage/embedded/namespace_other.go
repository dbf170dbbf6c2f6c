//go:build unix && !linux

package embedded

import "syscall"

const namespacesExist = false

func enterNamespace(*syscall.SysProcAttr, account) {}
