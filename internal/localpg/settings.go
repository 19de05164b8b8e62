// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import "cmp"

// port names the socket's file; nothing listens on TCP.
const port = "5432"

// settings are postgres's arguments. They stand above postgresql.conf, so that
// every start is alike.
func settings(socket string, o Options) []string {
	// The details of an error quote rows, and rows hold password hashes: the log is terse.
	s := []string{
		"listen_addresses=",
		"port=" + port,
		"unix_socket_directories=" + socket,
		"unix_socket_permissions=0700",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
	}

	if o.Unsafe {
		// Shared memory in files of the cluster goes with it when everything is killed.
		s = append(s, "jit=off", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "dynamic_shared_memory_type=mmap",
			"max_connections=200", "shared_buffers="+cmp.Or(o.Memory, "128MB"))
	} else {
		s = append(s, "max_connections=100", "shared_buffers="+cmp.Or(o.Memory, "64MB"))
	}

	var args []string
	for _, v := range s {
		args = append(args, "-c", v)
	}
	return args
}
