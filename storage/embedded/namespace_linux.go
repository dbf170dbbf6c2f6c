package embedded

import "syscall"

const namespacesExist = true

// enterNamespace makes the command run in a user namespace where this user,
// root, bears the account's numbers: to itself it is an ordinary user, to the
// file system it is still root without its privileges.
func enterNamespace(attr *syscall.SysProcAttr, a account) {
	attr.Cloneflags |= syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.uid, HostID: 0, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.gid, HostID: 0, Size: 1}}
}
