"""The filter of system calls that a sandboxed process lives under: no processes, no sockets.

A classic BPF program (linux/filter.h, linux/seccomp.h) as bubblewrap takes it. RLIMIT_NPROC is not
held against root, and counts a person's other processes on kernels before 5.14; this is exact.
"""

import platform
import struct

_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_CLONE_THREAD = 0x10000
_X32 = 0x40000000  # numbers from here on are another table of x86-64
_ARCHITECTURE, _NUMBER, _FLAGS = 4, 0, 16  # where seccomp_data holds them

# (AUDIT_ARCH, clone, clone3, the forbidden)
_TABLES = {
    # socket, fork, vfork, ptrace, add_key, request_key, keyctl, unshare, perf_event_open, setns,
    # process_vm_readv, process_vm_writev, bpf, userfaultfd, io_uring_*, socketpair, mount
    "x86_64": (
        0xC000003E,
        56,
        435,
        (41, 57, 58, 101, 248, 249, 250, 272, 298, 308, 310, 311, 321, 323, 425, 426, 427, 53, 165),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        435,
        (198, 117, 217, 218, 219, 97, 241, 268, 270, 271, 280, 282, 425, 426, 427, 199, 40),
    ),
}


def program(machine: str = "") -> bytes | None:
    """The filter for a processor (this one's by default), None where its table is not known."""
    table = _TABLES.get(machine or platform.machine())
    if table is None:
        return None
    architecture, clone, clone3, forbidden = table
    rules = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _EPERM),
        (_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _ENOSYS),  # glibc takes clone then, whose flags can be read here
    ]
    for number in forbidden:
        rules += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    rules += [
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FLAGS),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),  # a thread is allowed
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *rule) for rule in rules)
